package flyby.zoo.h;

import static flyby.zoo.engine.EngineRegisters.CONTROL_FIRST;
import static flyby.zoo.engine.EngineRegisters.CONTROL_LAST;

import flyby.check.Rule;
import flyby.dma.Direction;
import flyby.kernel.KernelMemory;
import flyby.trial.Bench;
import flyby.trial.Subject.Hazard;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineSpecimen;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a completion says is an index: the driver looks up the request in its table, and calls what that says. An
/// honest engine gives back what it was given.
public final class H4UncheckedId extends EngineSpecimen {
    private static final int ROUNDS = 12;
    private static final int BYTES = 512;

    /// What was asked for, by its number.
    private final @Nullable Runnable[] requests = new Runnable[CompletionReader.SLOTS];

    private int done;

    public H4UncheckedId() {
        super(new Label(
                "H4",
                "Completion id used without a range check",
                "zephyr #113343 virtio_isr, RT-Thread #11326, cloudius-systems/osv #1450",
                List.of(Rule.R85, Rule.THROWS),
                List.of("iommu-lazy")));
    }

    @Override
    public Set<Hazard> hazards() {
        return Set.of(Hazard.MALICE);
    }

    @Override
    @SuppressWarnings("NullAway") // The table is believed to hold what the engine names.
    public void buggy(Bench bench) {
        run(bench, reader -> {
            int id = (int) reader.id();
            Runnable request = requests[id]; // BUG
            requests[id] = null;
            request.run(); // BUG
            return true;
        });
    }

    @Override
    public void fixed(Bench bench) {
        run(bench, reader -> {
            long id = reader.id();
            Runnable request = id < requests.length ? requests[(int) id] : null;
            if (request == null) {
                // The engine is not to be trusted any further.
                return false;
            }
            requests[(int) id] = null;
            request.run();
            return true;
        });
    }

    @FunctionalInterface
    private interface Completing {
        /// @return whether the engine may go on
        boolean complete(CompletionReader reader);
    }

    private void run(Bench bench, Completing completing) {
        EngineDriver driver = EngineDriver.silent(bench);
        CompletionReader reader = CompletionReader.start(bench, driver);
        KernelMemory memory = bench.kernel().memory();
        long page = memory.allocatePages(0, KernelMemory.Zone.NORMAL, "requests");
        bench.cpu().storeBytes(page, EngineDriver.pattern(BYTES), 0, BYTES);
        long mapped = driver.dma().mapSingle(page, KernelMemory.PAGE_BYTES, Direction.TO_DEVICE);
        if (reader != null && driver.dma().mappingError(mapped) == 0) {
            boolean goesOn = true;
            for (int i = 0; i < ROUNDS && goesOn; i++) {
                int slot = reader.ring().fill(mapped, BYTES, CONTROL_FIRST | CONTROL_LAST);
                requests[slot] = () -> done++;
                reader.ring().doorbell();
                goesOn = reader.await() && completing.complete(reader);
                reader.next();
            }
        }
        if (reader != null) {
            reader.free();
        }
        driver.remove();
        if (driver.dma().mappingError(mapped) == 0) {
            driver.dma().unmapSingle(mapped, KernelMemory.PAGE_BYTES, Direction.TO_DEVICE);
        }
        memory.freePages(page, 0);
    }
}
