package flyby.zoo.c;

import static flyby.dma.Direction.TO_DEVICE;
import static flyby.zoo.engine.EngineRegisters.CONTROL_DONE;
import static flyby.zoo.engine.EngineRegisters.CONTROL_FIRST;
import static flyby.zoo.engine.EngineRegisters.CONTROL_LAST;
import static flyby.zoo.engine.EngineRegisters.CONTROL_OWN;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_CONTROL;

import flyby.bus.Cpu;
import flyby.check.Rule;
import flyby.dma.Dma;
import flyby.sim.Time;
import flyby.trial.Bench;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineRing;
import flyby.zoo.EngineSpecimen;
import java.util.List;

/// The control word is loaded once to see whether the descriptor is done, and again to see whether it is still
/// the engine's: between the two the engine gets done, and the driver believes that the descriptor was lost. The
/// window is a few nanoseconds wide.
public final class C9LoadedTwice extends EngineSpecimen {
    private static final int RING = 4;
    private static final int PACKET_BYTES = 64;
    private static final int PACKETS = 40;

    public C9LoadedTwice() {
        super(new Label(
                "C9",
                "A word of a descriptor is loaded more than once while the device changes it",
                "Linux airoha_eth 4ae0604a0673 (READ_ONCE for the control fields of descriptors)",
                List.of(Rule.R78, Rule.R85, Rule.RIGHT_DATA),
                List.of("coherent", "non-coherent", "weak-order", "timing")));
    }

    @Override
    public void buggy(Bench bench) {
        work(bench, (cpu, control) -> {
            boolean isDone = (cpu.le32(cpu.load32(control)) & CONTROL_DONE) != 0; // BUG
            boolean isOwned = (cpu.le32(cpu.load32(control)) & CONTROL_OWN) != 0; // BUG
            return isDone ? State.DONE : isOwned ? State.PENDING : State.LOST;
        });
    }

    @Override
    public void fixed(Bench bench) {
        work(bench, (cpu, control) -> {
            long word = cpu.le32(cpu.load32(control));
            boolean isDone = (word & CONTROL_DONE) != 0;
            boolean isOwned = (word & CONTROL_OWN) != 0;
            return isDone ? State.DONE : isOwned ? State.PENDING : State.LOST;
        });
    }

    private enum State {
        PENDING,
        DONE,
        LOST
    }

    /// How a descriptor is looked at.
    @FunctionalInterface
    private interface Look {
        State at(Cpu cpu, long control);
    }

    private static void work(Bench bench, Look look) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        long packet = engine.buffer(PACKET_BYTES);
        long address = dma.mapSingle(packet, PACKET_BYTES, TO_DEVICE);
        EngineRing ring = EngineRing.start(engine, RING);
        if (dma.mappingError(address) == 0 && ring != null) {
            State state = State.DONE;
            for (int number = 0; number < PACKETS && state == State.DONE; number++) {
                int index = ring.fill(address, PACKET_BYTES - number, CONTROL_FIRST | CONTROL_LAST);
                ring.doorbell();
                state = State.PENDING;
                long end = bench.cpu().nowPicos() + EngineDriver.TIMEOUT_PICOS;
                while (state == State.PENDING && bench.cpu().nowPicos() < end) {
                    state = look.at(bench.cpu(), ring.place(index) + DESCRIPTOR_CONTROL);
                    bench.cpu().delay(Time.NANOSECOND);
                }
                bench.expect(state == State.DONE, "the descriptor was not lost");
                ring.awaitDone(index);
            }
        }
        if (ring != null) {
            ring.free();
        }
        if (dma.mappingError(address) == 0) {
            dma.unmapSingle(address, PACKET_BYTES, TO_DEVICE);
        }
        engine.free(packet);
        engine.remove();
    }
}
