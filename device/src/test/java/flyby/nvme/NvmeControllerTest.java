package flyby.nvme;

import static flyby.nvme.layout.NvmeRegisters.*;
import static org.assertj.core.api.Assertions.assertThat;

import flyby.nvme.NvmeBench.Completion;
import flyby.nvme.NvmeBench.Pair;
import flyby.nvme.layout.IdentifyData;
import flyby.nvme.layout.NvmeOpcodes;
import flyby.nvme.layout.NvmeStatus;
import org.junit.jupiter.api.Test;

/// A controller as a host meets it: from the registers to the first bytes.
final class NvmeControllerTest {
    private static final long DATA = 0x10_0000;

    @Test
    void becomesReadyAndTellsWhatItIs() {
        NvmeBench bench = NvmeBench.instant();
        bench.enable();
        assertThat(bench.read(CSTS)).isEqualTo(1);

        NvmeBench.check(bench.admin(NvmeOpcodes.IDENTIFY, 0, DATA, IdentifyData.CNS_CONTROLLER));
        assertThat(bench.word(DATA, 2)).isEqualTo(0xf1b0);
        assertThat(bench.edges[0]).isEqualTo(1);
    }

    @Test
    void writesAndReadsBack() {
        NvmeBench bench = NvmeBench.instant();
        bench.enable();
        Pair pair = bench.create(1, 0x1_0000, 64);
        for (int i = 0; i < 3 * 4096; i++) {
            bench.memory[(int) DATA + i] = (byte) (i * 31);
        }
        bench.memory[0x9000 + 1] = 0x11;
        flyby.base.LittleEndian.put(DATA + 4096, bench.memory, 0x9000, 8);
        flyby.base.LittleEndian.put(DATA + 8192, bench.memory, 0x9008, 8);
        Completion written = bench.run(pair, bench.command(NvmeOpcodes.WRITE, 1, DATA, 0x9000, 100, 0, 3 * 8 - 1));
        assertThat(written.status()).isZero();

        Completion read = bench.run(
                pair, bench.command(NvmeOpcodes.READ, 1, DATA + 0x1_0000, DATA + 0x1_1000, 100, 0, 2 * 8 - 1));
        assertThat(read.status()).isZero();
        assertThat(bench.word(DATA + 0x1_0000 + 5000, 8)).isEqualTo(bench.word(DATA + 5000, 8));
        assertThat(bench.edges[1]).isEqualTo(2);

        Completion outside = bench.run(pair, bench.command(NvmeOpcodes.READ, 1, DATA, 0, 1 << 20, 0, 0));
        assertThat(outside.status() & NvmeStatus.CODE_MASK).isEqualTo(NvmeStatus.LBA_OUT_OF_RANGE);
    }
}
