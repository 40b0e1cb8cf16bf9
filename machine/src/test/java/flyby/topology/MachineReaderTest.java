package flyby.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flyby.base.LabException;
import flyby.machine.ModernMachines;
import flyby.params.Given;
import flyby.params.Origin;
import flyby.params.Profile;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Machines that can be, and machines that cannot.
final class MachineReaderTest {
    private static MachineDescription read(String... lines) {
        List<Given> givens = new ArrayList<>();
        for (int i = 0; i < lines.length; i++) {
            String[] parts = lines[i].split(":", 2);
            String place = "m.yaml:" + (i + 1);
            givens.add(new Given(parts[0].strip(), parts[1].strip(), new Origin(place, place + ":1", place + ":9")));
        }
        return MachineReader.read(ModernMachines.profiles(), ModernMachines.STANDARD, givens);
    }

    private static void refused(String start, String... lines) {
        assertThatThrownBy(() -> read(lines))
                .as(String.join("; ", lines))
                .isInstanceOf(LabException.class)
                .hasMessageStartingWith(start);
    }

    static Stream<String> shipped() {
        return ModernMachines.profiles().stream().map(Profile::name);
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void everyShippedMachineIsPossibleAndHasADevice(String name) {
        MachineDescription machine = read("profile: " + name);
        assertThat(machine.name()).isEqualTo(name);
        assertThat(machine.all(PartKind.FUNCTION)).isNotEmpty();
    }

    @Test
    void whatAFileSaysGoesBeforeTheProfile() {
        MachineDescription machine = read(
                "profile: server-gen3-hsw",
                "cpu.cores: 2",
                "root-ports.slot0.link.width: x4",
                "root-ports.slot9.functions.second.mrrs: 1 KiB");
        assertThat(machine.machine().settings().count("cpu.cores")).isEqualTo(2);
        assertThat(machine.machine().settings().resolved("cpu.cores").origin().label())
                .isEqualTo("m.yaml:2");
        assertThat(machine.machine().settings().resolved("llc.size").origin().label())
                .isEqualTo("profile server-gen3-hsw");
        assertThat(machine.all(PartKind.ROOT_PORT)).extracting(Part::name).containsExactly("slot0", "slot9");
        Part slot = machine.all(PartKind.ROOT_PORT).getFirst();
        assertThat(PortCatalogue.width(slot.settings()).lanes()).isEqualTo(4);
        assertThat(slot.settings().choice("link.generation")).isEqualTo("gen3");
    }

    @Test
    void partsOfTheProfileAreTakenAwayByTheWordNone() {
        assertThat(read("root-ports.slot0: none").all(PartKind.ROOT_PORT)).isEmpty();
        assertThat(read("root-ports.slot0.functions: none").all(PartKind.FUNCTION))
                .isEmpty();
        assertThat(read("root-ports: none", "root-ports.x.functions.f:").all(PartKind.FUNCTION))
                .extracting(Part::name)
                .containsExactly("f");
        refused("m.yaml:1:9: found none, where there is no slot7", "root-ports.slot7: none");
    }

    @Test
    void aSwitchStandsBehindThePortThatNamesIt() {
        MachineDescription machine = read("profile: desktop-switch");
        Part slot = machine.all(PartKind.ROOT_PORT).getFirst();
        assertThat(slot.parts()).extracting(Part::name).containsExactly("switch0");
        assertThat(slot.parts().getFirst().parts(PartKind.PORT))
                .extracting(Part::name)
                .containsExactly("left", "right");
    }

    @Test
    void unknownKeysAreNamedWithTheirPlace() {
        refused("m.yaml:1:1: found unknown key \"cpu.coers\" of a machine", "cpu.coers: 2");
        assertThatThrownBy(() -> read("cpu.coers: 2")).hasMessageEndingWith("; did you mean cpu.cores?");
        assertThatThrownBy(() -> read("root-port.slot0.socket: 0")).hasMessageContaining("did you mean");
        refused("m.yaml:1:1: found unknown key \"link.widht\" of a root port", "root-ports.slot0.link.widht: x4");
        refused("m.yaml:1:9: found \"bwd\" for profile, expected one of", "profile: bwd");
        refused("m.yaml:1:1: found \"Slot 0\" as a name", "root-ports.Slot 0.socket: 0");
        refused("m.yaml:1:9: found \"7\" for root-ports.slot0", "root-ports.slot0: 7");
        refused("m.yaml:1:9: found \"7\" for root-ports", "root-ports: 7");
    }

    @Test
    void linksThatDoNotExistAreRefused() {
        refused("m.yaml:1:9: found \"x3\" for link.width, expected one of x1, x2", "root-ports.slot0.link.width: x3");
        refused("m.yaml:1:9: found \"gen9\" for link.gen", "root-ports.slot0.link.generation: gen9");
        refused("m.yaml:1:9: found link.mps = 384 B", "root-ports.slot0.link.mps: 384 B");
        refused("m.yaml:1:9: found 8 KiB for link.mps", "root-ports.slot0.link.mps: 8 KiB");
    }

    @Test
    void creditsThatStopEverythingAreRefused() {
        refused("m.yaml:1:9: found 0 for link.cre", "root-ports.slot0.link.credits.posted-headers: 0");
        refused("m.yaml:1:9: found 0 for link.cre", "root-ports.slot0.link.credits.non-posted-headers: 0");
        refused("m.yaml:1:9: found link.credits.posted-data = 15", "root-ports.slot0.link.credits.posted-data: 15");
    }

    @Test
    void pagesThatTheIommuDoesNotKnowAreRefused() {
        refused(
                "m.yaml:2:9: found iommu.page-sizes = 4K (m.yaml:1) with iommu.page-size = 2M (m.yaml:2)",
                "iommu.page-sizes: 4K",
                "iommu.page-size: 2M");
        refused("m.yaml:1:9: found \"8K\" for iommu.page-size", "iommu.page-size: 8K");
    }

    @Test
    void anOrderThatNoCoreHasIsRefused() {
        refused(
                "m.yaml:1:9: found cpu.store-buffer = 0 (default) with cpu.store-order = weak",
                "cpu.store-order: weak");
        refused("m.yaml:1:9: found cpu.load-reorder = 100 ns", "cpu.load-reorder: 100 ns");
    }

    @Test
    void memoryOverRegistersIsRefused() {
        refused("m.yaml:2:9: found memory.size = 2 GiB", "memory.size: 2 GiB", "cpu.sockets: 2");
        refused("m.yaml:1:9: found 4 GiB for memory.size", "memory.size: 4 GiB");
        refused("m.yaml:1:9: found memory.size = 1 GiB", "registers.base: 0x2000_0000");
        refused("m.yaml:1:9: found registers.base = 0x51000000", "registers.base: 0x5100_0000");
        refused("m.yaml:1:9: found memory.interleave = 768 B", "memory.interleave: 768 B");
    }

    @Test
    void cardsThatClaimTheSamePortsAreRefused() {
        refused(
                "m.yaml:1:1: found a second bridge to an ISA bus, b after lpc0",
                "isa-bridges.b.bus: at-8mhz",
                "profile: desktop-isa");
        refused(
                "m.yaml:2:1: found cards sound0 and loud, both sound at port 0x220",
                "profile: desktop-isa",
                "isa-bridges.lpc0.cards.loud.card: sound");
        refused("m.yaml:1:9: found \"eisa\" for bus", "isa-bridges.b.bus: eisa");
        assertThat(read("isa-bridges.b.cards.f.card: floppy")
                        .card(CardKind.FLOPPY)
                        .picos("floppy.revolution"))
                .isEqualTo(200_000_000_000L);
        assertThatThrownBy(() -> read().card(CardKind.SOUND))
                .hasMessage(
                        "machine server-gen3-bdw: found no sound card, expected a card on an ISA bus with card: sound");
    }

    @Test
    void loopsOfSwitchesAreRefused() {
        refused(
                "m.yaml:2:9: found a loop of switches, a > a",
                "root-ports.slot1.switch: a",
                "switches.a.ports.p.switch: a");
        refused(
                "m.yaml:3:9: found a loop of switches, a > b > a",
                "root-ports.slot1.switch: a",
                "switches.a.ports.p.switch: b",
                "switches.b.ports.p.switch: a");
        refused("m.yaml:1:9: found a loop of switches, a > a", "switches.a.ports.p.switch: a");
    }

    @Test
    void aSwitchIsPluggedInOnce() {
        refused(
                "m.yaml:2:9: found switch a again, after m.yaml:1:1",
                "root-ports.slot1.switch: a",
                "root-ports.slot2.switch: a",
                "switches.a.ports.p.link.width: x1");
        refused("m.yaml:1:1: found switch a, plugged in nowhere", "switches.a.ports.p.link.width: x1");
        refused("m.yaml:1:9: found no switch \"b\"", "root-ports.slot1.switch: b");
        refused(
                "m.yaml:1:9: found switch a beside functions behind slot0",
                "root-ports.slot0.switch: a",
                "switches.a.ports.p.link.width: x1");
    }

    @Test
    void functionsWithOneIdAreRefused() {
        refused(
                "m.yaml:1:1: found functions copy0 and other behind slot0, both with number 0",
                "root-ports.slot0.functions.other:");
        refused(
                "m.yaml:1:9: found function number 8 behind slot0, expected 0 to 7",
                "root-ports.slot0.functions.other.number: 8");
        refused(
                "m.yaml:1:1: found no function 0 among the 1 behind slot1",
                "root-ports.slot1.functions.other.number: 1");
    }

    @Test
    void moreThanABusHoldsIsRefused() {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 31; i++) {
            lines.add("root-ports.more" + i + ":");
        }
        refused("m.yaml:31:1: found 32 root-ports of machine", lines.toArray(String[]::new));
    }

    @Test
    void fixedBarsMayNotOverlap() {
        String one = "root-ports.slot0.functions.copy0.bar0.address: ";
        String two = "root-ports.slot1.functions.copy1.bar0.address: ";
        assertThat(read(one + "0xd000_0000", two + "0xd000_1000").all(PartKind.FUNCTION))
                .hasSize(2);
        refused("m.yaml:2:9: found BAR 0 of copy1 at 0xd0000000", one + "0xd000_0000", two + "0xd000_0000");
        refused("m.yaml:1:9: found BAR 0 of copy0 at 0xd0000010 to 0xd000100f, expected a mul", one + "0xd000_0010");
        refused("m.yaml:1:9: found BAR 0 of copy0 at 0x1000 to 0x1fff", one + "0x1000");
        refused("m.yaml:1:9: found \"12\" for bar0.address, expected an address", one + "12");
    }

    @Test
    void aPortBelongsToASocketThatIsThere() {
        refused("m.yaml:1:9: found socket 1 for slot0", "root-ports.slot0.socket: 1");
    }
}
