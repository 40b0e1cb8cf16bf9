package flyby.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.iommu.layout.InterruptEntries;
import flyby.iommu.layout.RemappingRegisters;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which interrupts reach whom.
final class InterruptRemappingTest {
    private static final int NIC = 0x0100;
    private static final long TABLE = 0x8000;

    private final IommuBench bench = new IommuBench(IommuParameters.typical());

    private void enable() {
        bench.write(RemappingRegisters.IRTA, 8, TABLE | 3);
        bench.write(RemappingRegisters.GCMD, 4, 0x0300_0000L);
    }

    private void entry(int index, long low, long high) {
        bench.memory.write64(TABLE + index * 16L, low);
        bench.memory.write64(TABLE + index * 16L + 8, high);
    }

    private String remap(int requester, long address, int data) {
        InterruptRequest request = new InterruptRequest(_ -> {});
        request.ask(requester, address, data);
        if (!bench.iommu.remap(request)) {
            bench.simulation.run();
        }
        return request.isAllowed() ? "%02x to %d".formatted(request.vector(), request.destination()) : "blocked";
    }

    @Test
    void withoutRemappingTheAddressSaysWhoAndTheDataWhat() {
        assertThat(remap(NIC, 0xfee0_3000L, 0x41)).isEqualTo("41 to 3");
    }

    @Test
    void theTableSaysWhoAndWhat() {
        enable();
        entry(5, 1 | 0x51 << 16 | 2L << 40, 1 << 18 | NIC);
        entry(7, 1 | 0x53 << 16 | 4L << 40, 0);

        assertThat(remap(NIC, 0xfee0_0010L | 5 << 5, 0)).isEqualTo("51 to 2");
        assertThat(remap(NIC, 0xfee0_0018L | 5 << 5, 2))
                .as("a subhandle is added")
                .isEqualTo("53 to 4");
        assertThat(remap(NIC, 0xfee0_3000L, 0x41)).as("compatibility format").isEqualTo("blocked");
        assertThat(bench.takeFaults()).containsExactly("25 0100 0 W");
        assertThat(InterruptEntries.address(0x8005)).isEqualTo(0xfee0_00b4L);
    }

    @ParameterizedTest
    @CsvSource({
        "0x0100, 0x40100, true",
        "0x0101, 0x40100, false",
        "0x0101, 0x70100, true",
        "0x0104, 0x50100, true",
        "0x0102, 0x50100, false",
        "0x0108, 0x70100, false",
        "0x0300, 0x80204, true",
        "0x0500, 0x80204, false",
        "0x0500, 0x0, true"
    })
    void theSourceIsVerified(String requester, String high, boolean allowed) {
        enable();
        entry(1, 1 | 0x51 << 16, Integer.decode(high));
        boolean isAllowed = !remap(Integer.decode(requester), 0xfee0_0030L, 0).equals("blocked");

        assertThat(isAllowed).isEqualTo(allowed);
        assertThat(bench.takeFaults()).hasSize(allowed ? 0 : 1);
    }

    @Test
    void whatIsWrongWithAnEntryIsSaid() {
        enable();
        entry(2, 1 | 1 << 12, 0);
        entry(3, 1, 1 << 20);

        remap(NIC, 0xfee0_0010L | 1 << 5, 0);
        remap(NIC, 0xfee0_0010L | 2 << 5, 0);
        remap(NIC, 0xfee0_0010L | 3 << 5, 0);
        remap(NIC, 0xfee0_0010L | 16 << 5, 0);
        remap(NIC, 0xfee0_0018L | 1 << 5, 0x1_0000);

        assertThat(bench.takeFaults())
                .containsExactly(
                        "22 0100 1000000000000 W",
                        "24 0100 2000000000000 W",
                        "24 0100 3000000000000 W",
                        "21 0100 10000000000000 W",
                        "20 0100 1000000000000 W");
    }

    @Test
    void entriesAreKeptUntilTheyAreInvalidatedAndOrderIsKept() {
        enable();
        entry(1, 1 | 0x51 << 16, 0);
        entry(2, 1 | 0x52 << 16, 0);
        assertThat(remap(NIC, 0xfee0_0030L, 0)).isEqualTo("51 to 0");
        long known = bench.simulation.nowPicos();
        entry(1, 1 | 0x61 << 16, 0);
        assertThat(remap(NIC, 0xfee0_0030L, 0)).isEqualTo("51 to 0");
        assertThat(bench.simulation.nowPicos()).isEqualTo(known);

        List<Integer> vectors = new ArrayList<>();
        InterruptRequest unknown = new InterruptRequest(each -> vectors.add(each.vector()));
        unknown.ask(NIC, 0xfee0_0050L, 0);
        InterruptRequest behind = new InterruptRequest(each -> vectors.add(each.vector()));
        behind.ask(NIC, 0xfee0_0030L, 0);
        assertThat(bench.iommu.remap(unknown)).isFalse();
        assertThat(bench.iommu.remap(behind)).as("known, but not to overtake").isFalse();
        bench.simulation.run();
        assertThat(vectors).containsExactly(0x52, 0x51);

        bench.write(RemappingRegisters.IQA, 8, IommuBench.QUEUE);
        bench.write(RemappingRegisters.GCMD, 4, 0x0600_0000L);
        bench.queue(4 | 1 << 4 | 1L << 32, 0);
        bench.flush();
        assertThat(remap(NIC, 0xfee0_0030L, 0)).isEqualTo("61 to 0");
    }
}
