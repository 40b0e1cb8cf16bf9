package flyby.isa;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.workbench.TestHost;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Counter 1 of the 8253 and the flip-flop behind it. The counter's clock has a period of 1,000 ps; times were
/// worked out by hand from the data sheet's description of mode 2.
final class RefreshTimerTest {
    private static final int COUNTER = 1;
    private static final int CONTROL = 3;

    private final TestHost host = new TestHost();
    private final RefreshTimer timer = new RefreshTimer(host, 1_000);
    private final List<String> requests = new ArrayList<>();

    RefreshTimerTest() {
        timer.wire(asserted -> requests.add(host.nowPicos() + " " + asserted));
    }

    /// As the BIOS does it: OUT 43h,54h; OUT 41h,18. The count is loaded at the next clock, 3; it ends at 21.
    @Test
    void itAsksEveryEighteenCounts() {
        at(2_500);
        write(CONTROL, 0x54);
        write(COUNTER, 18);
        at(30_000);
        timer.take(new byte[] {1}, 1);
        at(60_000);

        assertThat(requests).containsExactly("21000 true", "30000 false", "39000 true", "57000 true");
    }

    @Test
    void aNewCountIsThatOfTheNextPeriod() {
        write(CONTROL, 0x54);
        write(COUNTER, 10);
        at(5_500);
        write(COUNTER, 4);
        at(20_000);

        assertThat(requests).containsExactly("11000 true", "15000 true", "19000 true");
    }

    @Test
    void aCountOfTwoBytesCountsFromTheSecondOn() {
        write(CONTROL, 0x74);
        write(COUNTER, 0x00);
        at(1_000);
        write(COUNTER, 0x01);
        at(300_000);

        assertThat(requests).containsExactly("258000 true");
    }

    @Test
    void otherModesAndCountersStartNothing() {
        write(CONTROL, 0x50);
        write(COUNTER, 18);
        write(CONTROL, 0x14);
        write(0, 18);
        at(100_000);

        assertThat(requests).isEmpty();
        assertThat(timer.readRegister(0, COUNTER, 1)).isEqualTo(-1);
    }

    @Test
    void aControlWordStopsItUntilACountComesAndALatchCommandDoesNot() {
        write(CONTROL, 0x54);
        write(COUNTER, 18);
        write(CONTROL, 0x40);
        at(19_000);
        assertThat(requests).hasSize(1);
        write(CONTROL, 0x54);
        at(100_000);

        assertThat(requests).hasSize(1);
    }

    @Test
    void resetTakesTheRequestBack() {
        write(CONTROL, 0x54);
        write(COUNTER, 18);
        at(19_500);
        timer.reset();
        at(100_000);

        assertThat(requests).containsExactly("19000 true", "19500 false");
    }

    private void write(int offset, int value) {
        timer.writeRegister(0, offset, 1, value);
    }

    private void at(long timePicos) {
        host.simulation().runUntil(timePicos);
    }
}
