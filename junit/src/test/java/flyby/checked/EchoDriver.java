package flyby.checked;

import static flyby.dma.Direction.BIDIRECTIONAL;

import flyby.dma.Dma;
import flyby.kernel.IoMemory;
import flyby.kernel.KernelMemory;
import flyby.sim.Time;
import flyby.trial.Bench;
import java.util.Objects;

/// Drives an [Echo], rightly or not.
final class EchoDriver {
    private final Bench bench;

    EchoDriver(Bench bench) {
        this.bench = bench;
    }

    /// Has a line echoed.
    ///
    /// @param syncs whether the CPU takes the line back before it looks
    void echo(boolean syncs) {
        echo(syncs, true);
    }

    /// Has a line echoed, and gives the device 20 us for that, which is enough if nothing is late.
    void echoHastily() {
        echo(true, false);
    }

    private void echo(boolean syncs, boolean waits) {
        KernelMemory memory = bench.kernel().memory();
        Dma dma = bench.dma();
        bench.pci().enable();
        bench.pci().setMaster();
        IoMemory registers = Objects.requireNonNull(bench.pci().map(0));
        long lines = memory.kmalloc(2L * Echo.BYTES, "two lines");
        bench.cpu().store64(lines, 0x0123_4567_89ab_cdefL);
        bench.cpu().store64(lines + Echo.BYTES, 0);
        long address = dma.mapSingle(lines, 2L * Echo.BYTES, BIDIRECTIONAL);
        if (dma.mappingError(address) != 0) {
            memory.kfree(lines);
            return;
        }
        long before = registers.read32(0);
        registers.write32(0, address);
        if (waits) {
            bench.kernel().poll(() -> registers.read32(0) != before, Time.MICROSECOND, Time.MILLISECOND);
        } else {
            bench.cpu().delay(20 * Time.MICROSECOND);
        }
        if (syncs) {
            dma.syncSingleForCpu(address, 2L * Echo.BYTES, BIDIRECTIONAL);
        }
        bench.expect(bench.cpu().load64(lines + Echo.BYTES) == bench.cpu().load64(lines), "the line is echoed");
        dma.unmapSingle(address, 2L * Echo.BYTES, BIDIRECTIONAL);
        memory.kfree(lines);
        bench.pci().clearMaster();
    }
}
