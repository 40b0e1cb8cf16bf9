package flyby.zoo.j;

import static flyby.zoo.engine.EngineRegisters.STATUS;
import static flyby.zoo.engine.EngineRegisters.STATUS_RECEIVED;

import flyby.check.Rule;
import flyby.kernel.Interrupts.Result;
import flyby.kernel.IoMemory;
import flyby.trial.Bench;
import flyby.zoo.EngineSpecimen;
import java.util.List;

/// The handler takes what has come in, and acknowledges then. What came between is acknowledged with it, and nobody
/// has seen it: no interrupt will come for it. The gap is less than a microsecond, so the next packet hides it, mostly.
public final class J1AcknowledgedAfterProcessing extends EngineSpecimen {
    public J1AcknowledgedAfterProcessing() {
        super(new Label(
                "J1",
                "Status acknowledged after processing: event lost",
                "STM32CubeH7 #192, #193 \"Clear Rx and Tx pending bit before processing\"",
                List.of(Rule.LOST_INTERRUPT, Rule.GETS_ON),
                List.of(
                        "coherent",
                        "non-coherent",
                        "weak-order",
                        "iommu-strict",
                        "iommu-lazy",
                        "bounce",
                        "timing",
                        "big-endian")));
    }

    @Override
    public void buggy(Bench bench) {
        PacketReceiver receiver = new PacketReceiver(bench);
        receiver.run(() -> {
            IoMemory registers = receiver.registers();
            if ((registers.read32(STATUS) & STATUS_RECEIVED) == 0) {
                return Result.NONE;
            }
            receiver.drain();
            registers.write32(STATUS, STATUS_RECEIVED); // BUG
            return Result.HANDLED;
        });
    }

    @Override
    public void fixed(Bench bench) {
        PacketReceiver receiver = new PacketReceiver(bench);
        receiver.run(() -> {
            IoMemory registers = receiver.registers();
            if ((registers.read32(STATUS) & STATUS_RECEIVED) == 0) {
                return Result.NONE;
            }
            registers.write32(STATUS, STATUS_RECEIVED);
            // The write is posted: what comes in after it has arrived interrupts again, what came before is seen.
            registers.read32(STATUS);
            receiver.drain();
            return Result.HANDLED;
        });
    }
}
