package flyby.zoo.h;

import flyby.base.LittleEndian;
import flyby.bus.Cpu;
import flyby.check.Rule;
import flyby.dma.CoherentBuffer;
import flyby.trial.Bench;
import flyby.trial.Subject.Hazard;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineSpecimen;
import java.util.List;
import java.util.Set;

/// A length in shared memory is loaded to be checked, and loaded again to be used. In between the engine may change it.
/// An honest one never does.
public final class H3DoubleFetch extends EngineSpecimen {
    private static final int ANSWERS = 12;
    private static final int DATA_MAX = 40;
    private static final int HEADER_BYTES = 4;
    private static final int ANSWER_BYTES = 64;

    public H3DoubleFetch() {
        super(new Label(
                "H3",
                "Double fetch of a device-writable field",
                "Linux hv vmbus adae1e931acd, tinfoilsh/cvmimage #119, XSA-155 (CVE-2015-8550)",
                List.of(Rule.R78, Rule.R85),
                List.of("iommu-lazy")));
    }

    @Override
    public Set<Hazard> hazards() {
        return Set.of(Hazard.MALICE);
    }

    @Override
    public void buggy(Bench bench) {
        ask(bench, (cpu, shared) -> {
            if (cpu.le32(cpu.load32(shared)) > DATA_MAX) { // BUG
                return;
            }
            byte[] data = new byte[DATA_MAX];
            cpu.loadBytes(shared + HEADER_BYTES, data, 0, (int) cpu.le32(cpu.load32(shared))); // BUG
        });
    }

    @Override
    public void fixed(Bench bench) {
        ask(bench, (cpu, shared) -> {
            long length = cpu.le32(cpu.load32(shared));
            if (length > DATA_MAX) {
                return;
            }
            byte[] data = new byte[DATA_MAX];
            cpu.loadBytes(shared + HEADER_BYTES, data, 0, (int) length);
        });
    }

    @FunctionalInterface
    private interface Reading {
        void read(Cpu cpu, long shared);
    }

    /// Has the engine write answers into shared memory, and reads them.
    private static void ask(Bench bench, Reading reading) {
        EngineDriver driver = new EngineDriver(bench);
        CoherentBuffer shared = driver.dma().allocCoherent(ANSWER_BYTES);
        if (shared != null) {
            byte[] answer = EngineDriver.pattern(ANSWER_BYTES);
            LittleEndian.put(DATA_MAX, answer, 0, HEADER_BYTES);
            driver.fillMemory(answer);
            for (int i = 0; i < ANSWERS; i++) {
                if (driver.write(shared.dmaAddress(), ANSWER_BYTES) > 0) {
                    bench.cpu().dmaReadBarrier();
                    reading.read(bench.cpu(), shared.cpuAddress());
                }
            }
            driver.stop();
            driver.dma().freeCoherent(shared.byteCount(), shared.cpuAddress(), shared.dmaAddress());
        }
        driver.remove();
    }
}
