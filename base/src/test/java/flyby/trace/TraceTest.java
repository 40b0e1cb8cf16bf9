package flyby.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TraceTest {
    /// Everything heard, one line each.
    private static final class Listener implements TraceSink {
        final List<String> lines = new ArrayList<>();

        @Override
        public void defineTrack(int track, String group, String name) {
            lines.add("track " + track + " " + group + "/" + name);
        }

        @Override
        public void defineName(int name, String text) {
            lines.add("name " + name + " " + text);
        }

        @Override
        public void defineSignal(int signal, String scope, String name, int widthBits) {
            lines.add("signal " + signal + " " + scope + "." + name + "[" + widthBits + "]");
        }

        @Override
        public void begin(long timePicos, int track, int name, long transfer, long argument) {
            lines.add(timePicos + " begin " + track + " " + name + " " + transfer + " " + argument);
        }

        @Override
        public void end(long timePicos, int track) {
            lines.add(timePicos + " end " + track);
        }

        @Override
        public void instant(long timePicos, int track, int name, long transfer, long argument) {
            lines.add(timePicos + " instant " + track + " " + name + " " + transfer + " " + argument);
        }

        @Override
        public void counter(long timePicos, int track, int name, long value) {
            lines.add(timePicos + " counter " + track + " " + name + " " + value);
        }

        @Override
        public void signal(long timePicos, int signal, long value) {
            lines.add(timePicos + " signal " + signal + " " + value);
        }

        @Override
        public boolean wantsSignals() {
            return true;
        }
    }

    private static void tell(Trace trace, long argument) {
        int bus = trace.track("bus", "grant");
        int burst = trace.name("burst");
        int hold = trace.signal("bus", "HOLD", 1);
        trace.begin(10, bus, burst, 1, argument);
        trace.signal(11, hold, 1);
        trace.instant(12, bus, burst, 1, 3);
        trace.counter(13, bus, burst, 4);
        trace.end(20, bus);
    }

    private static HashSink hashOf(long argument) {
        HashSink hash = new HashSink();
        tell(Trace.to(List.of(hash)), argument);
        return hash;
    }

    @Test
    void everySinkHearsEverythingInOrder() {
        Listener first = new Listener();
        Listener second = new Listener();
        tell(Trace.to(List.of(first, second)), 64);
        assertThat(first.lines)
                .containsExactly(
                        "track 0 bus/grant",
                        "name 0 burst",
                        "signal 0 bus.HOLD[1]",
                        "10 begin 0 0 1 64",
                        "11 signal 0 1",
                        "12 instant 0 0 1 3",
                        "13 counter 0 0 4",
                        "20 end 0");
        assertThat(second.lines).isEqualTo(first.lines);
    }

    @Test
    void offIsOffAndSignalsAreOnlyMadeForThoseWhoWantThem() {
        assertThat(Trace.off().isOn()).isFalse();
        assertThat(Trace.off().isSignalsOn()).isFalse();
        assertThat(Trace.to(List.of(new HashSink())).isOn()).isTrue();
        assertThat(Trace.to(List.of(new HashSink())).isSignalsOn()).isFalse();
        assertThat(Trace.to(List.of(new HashSink(), new Listener())).isSignalsOn())
                .isTrue();
    }

    @Test
    void equalTracesHaveEqualHashesAndOthersHaveOthers() {
        assertThat(hashOf(64).text()).isEqualTo(hashOf(64).text()).hasSize(16);
        assertThat(hashOf(65).hash()).isNotEqualTo(hashOf(64).hash());
        assertThat(hashOf(64).recordCount()).isEqualTo(4);
    }

    @Test
    void aWaveformDoesNotChangeTheHash() {
        HashSink alone = hashOf(64);
        HashSink beside = new HashSink();
        tell(Trace.to(List.of(beside, new Listener())), 64);
        assertThat(beside.hash()).isEqualTo(alone.hash());
    }
}
