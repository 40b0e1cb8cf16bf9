package flyby.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flyby.base.LabException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What QEMU has to be told, by the facts that were found by trying.
final class QemuCommandTest {
    private static final GuestFiles FILES = new GuestFiles(Path.of("/g"), Path.of("/g/bin/qemu"));

    private static List<String> words(QemuVersion version, GuestSetup setup) {
        return new QemuCommand(FILES, version, Acceleration.TCG, setup).words();
    }

    @Test
    void memoryIsShared() {
        assertThat(words(new QemuVersion(11, 1), GuestSetup.PLAIN))
                .contains("memory-backend-memfd,id=memory,share=on,size=1024M")
                .contains("q35,memory-backend=memory,accel=tcg")
                .containsSequence("-run-with", "exit-with-parent=on")
                .doesNotContain("intel-iommu,caching-mode=on");
        assertThat(words(new QemuVersion(10, 1), GuestSetup.PLAIN)).doesNotContain("-run-with");
    }

    @Test
    void anIommuIsCachingAndTheKernelUsesIt() {
        assertThat(words(new QemuVersion(11, 1), GuestSetup.PLAIN.with(GuestIommu.STRICT)))
                .contains("intel-iommu,caching-mode=on")
                .anyMatch(word -> word.endsWith(" intel_iommu=on iommu.strict=1"));
        assertThatThrownBy(() -> GuestIommu.of("tight"))
                .isInstanceOf(LabException.class)
                .hasMessage("--iommu: found \"tight\", expected off, strict, lazy, passthrough");
    }

    @Test
    void eachDeviceHasARootPort() {
        QemuCommand command = new QemuCommand(FILES, new QemuVersion(11, 1), Acceleration.KVM, GuestSetup.PLAIN);
        command.plug(ServedElsewhere.at(Path.of("/a \"b\".sock")));
        command.plug(GuestDevice.ofQemu("edu,dma_mask=4095", List.of()).prepare(Path.of("/")));
        assertThat(command.words())
                .contains("pcie-root-port,id=port0,chassis=1,slot=1", "pcie-root-port,id=port1,chassis=2,slot=2")
                .contains("{\"driver\":\"vfio-user-pci\",\"bus\":\"port0\",\"socket\":{\"type\":\"unix\",\"path\":"
                        + "\"/a \\\"b\\\".sock\"}}")
                .contains("edu,dma_mask=4095,bus=port1");
    }

    @Test
    void aServerThatIsNotThereIsTold() {
        assertThatThrownBy(() -> GuestDevice.at(Path.of("/nowhere/x.sock")).prepare(Path.of("/")))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("nobody listens there")
                .hasMessageContaining("start the server first");
    }

    @Test
    void numbersHaveBounds() {
        assertThatThrownBy(() -> GuestSetup.PLAIN.withCpus(0))
                .hasMessage("--cpus: found 0, expected a number from 1 to 64");
        assertThatThrownBy(() -> GuestSetup.PLAIN.withMemory(100)).isInstanceOf(LabException.class);
    }
}
