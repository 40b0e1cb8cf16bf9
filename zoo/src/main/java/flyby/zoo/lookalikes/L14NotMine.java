package flyby.zoo.lookalikes;

import static flyby.dma.Direction.TO_DEVICE;
import static flyby.zoo.engine.EngineRegisters.STATUS;
import static flyby.zoo.engine.EngineRegisters.STATUS_ERROR;
import static flyby.zoo.engine.EngineRegisters.STATUS_RECEIVED;
import static flyby.zoo.engine.EngineRegisters.STATUS_SENT;

import flyby.dma.Dma;
import flyby.kernel.Interrupts.Result;
import flyby.topology.Card;
import flyby.trial.Bench;
import flyby.trial.Scene;
import flyby.zoo.EngineDriver;
import flyby.zoo.Lookalike;
import flyby.zoo.engine.Engine;
import flyby.zoo.engine.EngineOptions;
import java.util.List;

/// Two handlers share a line. The one whose device has done nothing says so, again and again, and the other one
/// does the work.
public final class L14NotMine implements Lookalike {
    private static final int BUFFER_BYTES = 128;
    private static final int TIMES = 5;
    private static final String NEIGHBOUR = "neighbour";

    @Override
    public int number() {
        return 14;
    }

    @Override
    public String title() {
        return "An interrupt of a shared line is answered with IRQ_NONE";
    }

    @Override
    public List<Card> cards(Scene scene) {
        return List.of(Engine.card(EngineOptions.PLAIN, scene), Engine.card(EngineOptions.PLAIN, scene));
    }

    @Override
    public void run(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        EngineDriver quiet = new EngineDriver(bench, 1);
        int line = engine.pci().vector(0);
        bench.kernel().interrupts().request(line, NEIGHBOUR, () -> isBusy(quiet) ? Result.HANDLED : Result.NONE);
        long buffer = engine.buffer(BUFFER_BYTES);
        long address = dma.mapSingle(buffer, BUFFER_BYTES, TO_DEVICE);
        if (dma.mappingError(address) == 0) {
            for (int i = 0; i < TIMES; i++) {
                bench.expect(engine.read(address, BUFFER_BYTES) == BUFFER_BYTES, "the packet was sent");
            }
            dma.unmapSingle(address, BUFFER_BYTES, TO_DEVICE);
        }
        engine.free(buffer);
        bench.kernel().interrupts().free(line, NEIGHBOUR);
        quiet.remove();
        engine.remove();
    }

    private static boolean isBusy(EngineDriver engine) {
        return (engine.registers().read32(STATUS) & (STATUS_SENT | STATUS_RECEIVED | STATUS_ERROR)) != 0;
    }
}
