package flyby.explore;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.AddressType;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.bus.Transaction.Tenure;
import flyby.choice.Choices;
import flyby.choice.Decisions;
import flyby.choice.Decisions.Point;
import flyby.choice.Property;
import flyby.sim.Alarm;
import flyby.sim.Simulation;
import flyby.sim.Time;
import flyby.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A device that is late, and what never overtakes what.
final class LateHostTest {
    private final Simulation simulation = new Simulation(1, Trace.off());
    /// What arrives: at the host `w1`, `r2`, `+3`, `-3`; at the device `register 4`.
    private final List<String> arrived = new ArrayList<>();

    private LateHost late(Decisions decisions, boolean wire) {
        LateHost late = new LateHost(new Host(), "card0", new Lateness(decisions, Time.SECOND), true, () -> wire);
        late.made(new Device() {
            @Override
            public long readRegister(int region, long offset, int byteCount) {
                arrived.add("read " + offset);
                return 7;
            }

            @Override
            public void writeRegister(int region, long offset, int byteCount, long value) {
                arrived.add("register " + offset);
            }

            @Override
            public void reset() {
                arrived.add("reset");
            }
        });
        return late;
    }

    private final class Host implements DeviceHost {
        @Override
        public long nowPicos() {
            return simulation.nowPicos();
        }

        @Override
        public Alarm alarm(String name, Runnable action) {
            return simulation.event(name, action);
        }

        @Override
        public void submit(Transaction transaction) {
            transaction.accept();
            arrived.add((transaction.kind() == Kind.WRITE ? "w" : "r") + transaction.iova());
            transaction.start();
            transaction.complete(Status.SUCCESS);
        }

        @Override
        public void interrupt(int vector, boolean asserted) {
            arrived.add((asserted ? "+" : "-") + vector);
        }

        @Override
        public long currentTransfer() {
            return 0;
        }

        @Override
        public Trace trace() {
            return simulation.trace();
        }
    }

    private static void submit(LateHost late, Kind kind, long iova, boolean relaxed) {
        Transaction transaction = new Transaction((_, _) -> {}, 4);
        transaction.begin(kind, iova, 4, Tenure.RELEASE, 0);
        transaction.attributes(relaxed, false, AddressType.UNTRANSLATED);
        late.submit(transaction);
    }

    private static Decisions first(Point late) {
        boolean[] done = new boolean[1];
        return (point, _) -> {
            boolean isNow = point == late && !done[0];
            done[0] |= isNow;
            return isNow ? 2 : 0;
        };
    }

    @Test
    void nothingIsLateUnlessDecided() {
        LateHost late = late(Decisions.PLAIN, false);
        submit(late, Kind.WRITE, 1, false);
        late.interrupt(0, true);
        late.writeRegister(0, 5, 4, 0);
        late.interrupt(0, false);

        assertThat(arrived).containsExactly("w1", "+0", "register 5", "-0");
        assertThat(simulation.horizonPicos()).as("nothing pending").isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aLateWriteHoldsUpWhatMustNotOvertakeIt() {
        LateHost late = late(first(Point.DEVICE), false);
        submit(late, Kind.WRITE, 1, false);
        submit(late, Kind.WRITE, 2, true);
        submit(late, Kind.READ, 3, false);
        submit(late, Kind.WRITE, 4, false);
        late.interrupt(0, true);
        assertThat(arrived).containsExactly("w2");
        simulation.run();

        assertThat(arrived).containsExactly("w2", "w1", "r3", "w4", "+0");
        assertThat(simulation.nowPicos()).isEqualTo(Lateness.PICOS[2]);
    }

    @Test
    void aLateReadIsOvertaken() {
        LateHost late = late(first(Point.DEVICE), false);
        submit(late, Kind.READ, 1, false);
        submit(late, Kind.WRITE, 2, false);
        submit(late, Kind.READ, 3, false);
        simulation.run();

        assertThat(arrived).containsExactly("w2", "r3", "r1");
    }

    @Test
    void aWireOvertakesWrites() {
        LateHost late = late(first(Point.DEVICE), true);
        submit(late, Kind.WRITE, 1, false);
        late.interrupt(0, true);
        simulation.run();

        assertThat(arrived).containsExactly("+0", "w1");
    }

    @Test
    void aLateInterruptIsTakenBackLater() {
        LateHost late = late(first(Point.INTERRUPT), true);
        late.interrupt(0, true);
        submit(late, Kind.WRITE, 1, false);
        late.interrupt(0, false);
        late.interrupt(0, true);
        simulation.run();

        assertThat(arrived).containsExactly("w1", "+0", "-0", "+0");
    }

    @Test
    void aReadOfARegisterPushesEverything() {
        LateHost late = late((point, _) -> point == Point.INTERRUPT ? 0 : 2, false);
        late.writeRegister(0, 1, 4, 0);
        late.writeRegister(0, 2, 4, 0);
        submit(late, Kind.WRITE, 3, false);
        late.interrupt(0, true);
        assertThat(arrived).isEmpty();

        assertThat(late.readRegister(0, 4, 4)).isEqualTo(7);
        assertThat(arrived).containsExactly("register 1", "register 2", "read 4", "w3", "+0");
        late.interrupt(0, false);
        assertThat(arrived).as("not late any more").endsWith("-0");
        simulation.run();
        assertThat(arrived).hasSize(6);
    }

    @Test
    void aResetFindsNothingHeldUp() {
        LateHost late = late((point, _) -> 2, false);
        late.writeRegister(0, 1, 4, 0);
        submit(late, Kind.WRITE, 2, false);
        late.reset();

        assertThat(arrived).containsExactly("register 1", "w2", "reset");
    }

    /// Whatever is late by how much, and whenever it comes.
    @Test
    void whatKeepsItsOrderKeepsIt() {
        Property.check(200, choices -> {
            LateHostTest fresh = new LateHostTest();
            fresh.anything(choices);
        });
    }

    private void anything(Choices choices) {
        LateHost late = late((_, bound) -> choices.below(bound), false);
        List<String> writes = new ArrayList<>();
        List<String> registers = new ArrayList<>();
        int count = 1 + (int) choices.below(20);
        boolean[] asserted = new boolean[1];
        for (int i = 0; i < count; i++) {
            long picos = choices.below(3) * 700_000;
            simulation.runUntil(simulation.nowPicos() + picos);
            switch ((int) choices.below(5)) {
                case 0 -> {
                    writes.add("w" + i);
                    submit(late, Kind.WRITE, i, false);
                }
                case 1 -> submit(late, Kind.READ, i, false);
                case 2 -> {
                    registers.add("register " + i);
                    late.writeRegister(0, i, 4, 0);
                }
                case 3 -> {
                    asserted[0] = !asserted[0];
                    if (asserted[0]) {
                        List<String> before = List.copyOf(writes);
                        late.interrupt(0, true);
                        simulation.event("look", () -> assertPushed(before)).in(Time.SECOND);
                    } else {
                        late.interrupt(0, false);
                    }
                }
                default -> {
                    late.readRegister(0, i, 4);
                    assertThat(arrived).containsAll(writes).containsAll(registers);
                }
            }
        }
        simulation.run();
        assertThat(arrived.stream().filter(each -> each.startsWith("w"))).containsExactlyElementsOf(writes);
        assertThat(arrived.stream().filter(each -> each.startsWith("register"))).containsExactlyElementsOf(registers);
        assertThat(arrived.stream().filter(each -> each.matches("[+-]0")).reduce("", (a, b) -> a + b))
                .as("edges in turn")
                .matches("(\\+0-0)*(\\+0)?");
    }

    private void assertPushed(List<String> before) {
        assertThat(arrived).containsAll(before);
    }
}
