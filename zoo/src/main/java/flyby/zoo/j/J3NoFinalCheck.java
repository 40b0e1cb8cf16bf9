package flyby.zoo.j;

import static flyby.zoo.engine.EngineRegisters.MASK;
import static flyby.zoo.engine.EngineRegisters.STATUS;
import static flyby.zoo.engine.EngineRegisters.STATUS_RECEIVED;

import flyby.check.Rule;
import flyby.kernel.Interrupts.Result;
import flyby.kernel.IoMemory;
import flyby.kernel.Napi;
import flyby.trial.Bench;
import flyby.zoo.EngineSpecimen;
import flyby.zoo.engine.EngineOptions;
import java.util.List;

/// Polling ends when the ring is empty, and then the interrupt is switched on again. What came in between found it
/// off: this engine interrupts for events, not for states, and says nothing later. The next packet hides it.
public final class J3NoFinalCheck extends EngineSpecimen {
    public J3NoFinalCheck() {
        super(
                new Label(
                        "J3",
                        "Poll loop ends and re-enables interrupts without a final check",
                        "Linux macb \"Fix lost RX packet wakeup race in NAPI receive\", Linux hv_netvsc",
                        List.of(Rule.LOST_INTERRUPT, Rule.GETS_ON),
                        List.of(
                                "coherent",
                                "non-coherent",
                                "weak-order",
                                "iommu-strict",
                                "iommu-lazy",
                                "bounce",
                                "timing",
                                "big-endian")),
                EngineOptions.PLAIN.interruptingByEvent());
    }

    /// Polls for a receiver.
    private abstract static class Polling {
        final PacketReceiver receiver;
        final Napi napi;

        Polling(Bench bench) {
            receiver = new PacketReceiver(bench);
            napi = new Napi(bench.kernel(), "receiver", Napi.WEIGHT, this::poll);
        }

        abstract int poll(int budget);

        void run() {
            napi.enable();
            receiver.run(this::interrupt);
            napi.disable();
        }

        private Result interrupt() {
            IoMemory registers = receiver.registers();
            if ((registers.read32(STATUS) & STATUS_RECEIVED) == 0) {
                return Result.NONE;
            }
            registers.write32(MASK, 0);
            registers.write32(STATUS, STATUS_RECEIVED);
            napi.schedule();
            return Result.HANDLED;
        }
    }

    @Override
    public void buggy(Bench bench) {
        new Polling(bench) {
            @Override
            int poll(int budget) {
                int work = receiver.drain(budget);
                if (work < budget && napi.completeDone(work)) {
                    receiver.registers().write32(MASK, STATUS_RECEIVED); // BUG
                }
                return work;
            }
        }.run();
    }

    @Override
    public void fixed(Bench bench) {
        new Polling(bench) {
            @Override
            int poll(int budget) {
                int work = receiver.drain(budget);
                if (work < budget && napi.completeDone(work)) {
                    receiver.registers().write32(MASK, STATUS_RECEIVED);
                    // The write has arrived when this returns: whatever comes in later interrupts.
                    receiver.registers().read32(MASK);
                    if (receiver.isDone()) {
                        receiver.registers().write32(MASK, 0);
                        napi.schedule();
                    }
                }
                return work;
            }
        }.run();
    }
}
