package flyby.record;

import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.choice.Property;
import flyby.fault.DeviceFaults;
import flyby.fault.FaultPlan;
import flyby.fault.Faults;
import flyby.sim.Alarm;
import flyby.trace.Trace;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

/// What a device is told is told again: a clock that runs by itself, faults of its own, input from elsewhere.
final class ToldTest {
    private static final RecordingHeader HEADER = new RecordingHeader("asker", "", "");

    /// A host whose clock goes on while the device acts.
    private static final class RunningClock implements DeviceHost {
        private final MemoryHost host = new MemoryHost(() -> 0, Trace.off());
        private final LongSupplier passed;
        private long now;

        RunningClock(LongSupplier passed) {
            this.passed = passed;
        }

        @Override
        public long nowPicos() {
            now += passed.getAsLong();
            return now;
        }

        @Override
        public Alarm alarm(String name, Runnable action) {
            return host.alarm(name, action);
        }

        @Override
        public void submit(Transaction transaction) {
            host.submit(transaction);
        }

        @Override
        public void interrupt(int vector, boolean asserted) {
            host.interrupt(vector, asserted);
        }

        @Override
        public long currentTransfer() {
            return 0;
        }

        @Override
        public Trace trace() {
            return host.trace();
        }
    }

    /// Asks for everything that there is to ask, as often as a write says, and answers with a hash of what it heard.
    private static final class Asker implements Device {
        private final DeviceHost host;
        private final DeviceFaults faults;
        private final LongSupplier elsewhere;
        private final Runnable entrance;
        private long hash;

        /// Who may call it from outside, if its host lets anybody.
        Runnable entrance() {
            return entrance;
        }

        Asker(DeviceHost host, LongSupplier elsewhere) {
            this.host = host;
            this.elsewhere = elsewhere;
            faults = DeviceFaults.of(host);
            entrance = host instanceof Tap tap ? tap.entrance("door", () -> host.interrupt(3, true)) : () -> {};
        }

        @Override
        public long readRegister(int region, long offset, int byteCount) {
            return hash;
        }

        @Override
        public void writeRegister(int region, long offset, int byteCount, long value) {
            for (long kinds = value; kinds != 0; kinds >>>= 2) {
                hash = 31 * hash
                        + switch ((int) (kinds & 3)) {
                            case 0 -> host.nowPicos();
                            case 1 -> faults.ask("asker", "status", "read", offset, 1);
                            case 2 -> heard();
                            default -> {
                                host.interrupt(1, true);
                                yield 7;
                            }
                        };
            }
        }

        private long heard() {
            byte[] bytes = {(byte) elsewhere.getAsLong(), 0, 0};
            if (!(host instanceof Tap tap)) {
                return bytes[0];
            }
            long value = tap.input(elsewhere.getAsLong(), bytes, 0, 2);
            return value + 3L * bytes[0];
        }

        @Override
        public void reset() {
            hash = 0;
        }
    }

    @Test
    void isToldAgain() {
        Property.check(500, choices -> {
            Tape tape = new Tape();
            Faults faults = new Faults("asker", FaultPlan.parse("test", "asker status 5 on read p=0.3 seed=3"));
            Asker[] made = new Asker[1];
            Function<DeviceHost, Device> maker = host -> {
                made[0] = new Asker(host, () -> choices.below(1_000));
                return made[0];
            };
            long steps = choices.between(1, 20);
            try (Recorder recorder = new Recorder(tape, HEADER)) {
                Device device =
                        faults.around(recorder.around(maker)).apply(new RunningClock(() -> choices.pick(0L, 1L, 5L)));
                for (int i = 0; i < steps; i++) {
                    switch ((int) choices.below(3)) {
                        case 0 -> device.writeRegister(0, 0, 8, choices.below(Long.MAX_VALUE));
                        case 1 -> device.readRegister(0, 0, 8);
                        default -> Objects.requireNonNull(made[0]).entrance().run();
                    }
                }
            }
            Replay.of(tape.bytes(), host -> new Asker(host, () -> 0)).run().check();
        });
    }
}
