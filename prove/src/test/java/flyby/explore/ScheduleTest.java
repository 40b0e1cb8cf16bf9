package flyby.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flyby.base.LabException;
import flyby.choice.Decisions.Point;
import flyby.choice.Footprint;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Schedules as text, and as what they decide.
final class ScheduleTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "random:17",
                "random:17:8",
                "pct:17:3",
                "pct:17:3:250",
                "p45:3",
                "d2:1,p45:3,w0:2",
                "i0:1,s1:2,l2:1,e3:9,f4:1,x5:1,m6:77"
            })
    void textIsRead(String text) {
        assertThat(Schedule.of(text)).hasToString(text);
        assertThat(text).as("safe in a shell").matches("[a-z0-9:,]+");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "random", "random:", "random:x", "random:1:0", "random:1:2:3", "pct:1", "pct:1:0", "pct:1:2:0",
                "plain:1", "p45", "p45:0", "p:1", "q1:1", "p1:1,", "p1:1,,p2:1", "p1:1,p1:2", "p9999999999:1",
                "random:9999999999999999999", "P1:1", "-1:2"
            })
    void whatIsNoScheduleIsRefused(String text) {
        assertThatThrownBy(() -> Schedule.of(text.isEmpty() ? "," : text))
                .isInstanceOf(LabException.class)
                .hasMessageStartingWith("a schedule: found ")
                .hasMessageContaining("expected ");
    }

    private static void ask(Schedule schedule) {
        for (int i = 0; i < 300; i++) {
            int index = i;
            schedule.below(Point.PREEMPTION, 4, _ -> new Footprint("cpu0", index, 1, true));
            schedule.below(Point.DEVICE, 4, _ -> new Footprint("card" + index % 3, index, 1, true));
            schedule.below(Point.EVICTION, 5);
            schedule.below(Point.STORE, 2);
            assertThat(schedule.below(Point.STORE, 1)).as("no choice").isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"random:2", "random:3:8", "pct:5:3:900", "d2:1,p45:3,e299:4"})
    void whatWasDecidedIsDecidedAgain(String text) {
        Schedule first = Schedule.of(text);
        Schedule second = Schedule.of(text);
        ask(first);
        ask(second);
        Schedule replay = Schedule.of(Pick.text(first.picks()));
        ask(replay);

        assertThat(first.picks()).isNotEmpty().isEqualTo(second.picks()).isEqualTo(replay.picks());
        assertThat(first.questions()).isEqualTo(1200);
    }

    @Test
    void plainIsPlain() {
        Schedule plain = Schedule.of("plain");
        ask(plain);

        assertThat(plain.picks()).isEmpty();
    }

    /// A value for a question that has fewer answers than there were.
    @Test
    void valuesFitTheirBounds() {
        Schedule schedule = new ReplaySchedule(List.of(new Pick(Point.DEVICE, 0, 7)));

        assertThat(schedule.below(Point.DEVICE, 4)).isEqualTo(3);
    }

    @Test
    void densitiesDifferFromRunToRun() {
        long withoutPreemption = LongStream.range(0, 100)
                .mapToObj(RandomSchedule::new)
                .peek(ScheduleTest::ask)
                .filter(schedule -> schedule.picks().stream().noneMatch(pick -> pick.point() == Point.PREEMPTION))
                .count();

        assertThat(withoutPreemption).as("a quarter or a little more").isBetween(10L, 60L);
    }
}
