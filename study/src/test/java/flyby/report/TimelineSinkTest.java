package flyby.report;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.sim.Prng;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TimelineSinkTest {
    @Test
    void occupancyIsTheWholeRunHoweverLittleIsKept() {
        for (long seed = 1; seed <= 50; seed++) {
            TimelineSink all = new TimelineSink(1_000_000);
            TimelineSink part = new TimelineSink(64);
            RandomTrace.tell(seed, 3_000, List.of(all, part));
            Timeline whole = all.timeline("r");
            Timeline cut = part.timeline("r");
            assertThat(cut.endPicos()).isEqualTo(whole.endPicos());
            for (int i = 0; i < whole.rows().size(); i++) {
                Timeline.Row row = whole.rows().get(i);
                Timeline.Row less = cut.rows().get(i);
                long outer = row.slices().stream()
                        .filter(slice -> slice.depth() == 0)
                        .mapToLong(slice -> slice.endPicos() - slice.beginPicos())
                        .sum();
                long histogram = less.occupancy().busyPicos().stream()
                        .mapToLong(Long::longValue)
                        .sum();
                assertThat(row.busyPicos()).isEqualTo(outer).isEqualTo(less.busyPicos());
                assertThat(histogram).isEqualTo(outer);
                assertThat(less.sliceCount()).isEqualTo(row.slices().size());
                assertThat(less.slices())
                        .isEqualTo(row.slices().subList(0, less.slices().size()));
                assertThat(less.slices()).hasSizeLessThanOrEqualTo(64);
                assertThat(less.occupancy().busyPicos())
                        .allMatch(busy -> busy <= less.occupancy().bucketPicos());
            }
        }
    }

    @Test
    void aThinnedCounterStaysEven() {
        TimelineSink sink = new TimelineSink(64);
        sink.defineTrack(0, "g", "t");
        sink.defineName(0, "n");
        for (int i = 0; i < 10_000; i++) {
            sink.counter(i, 0, 0, i);
        }
        Timeline.Counter counter = sink.timeline("r").counters().getFirst();
        assertThat(counter.stride()).isEqualTo(256);
        for (int i = 0; i < counter.values().size(); i++) {
            assertThat(counter.values().get(i)).isEqualTo(i * 256L);
        }
        assertThat(counter.values()).hasSizeBetween(32, 64);
    }

    @Test
    void lanesAreThoseOfTheSlowList() {
        for (long seed = 1; seed <= 100; seed++) {
            Prng prng = new Prng(seed);
            Lanes lanes = new Lanes();
            Map<Long, Integer> open = new LinkedHashMap<>();
            for (int step = 0; step < 2_000; step++) {
                long id = prng.below(100) << (seed % 40);
                if (open.containsKey(id)) {
                    assertThat(lanes.close(id)).isEqualTo(open.remove(id));
                } else {
                    int lane = 0;
                    while (open.containsValue(lane)) {
                        lane++;
                    }
                    assertThat(lanes.open(id)).as("seed %d", seed).isEqualTo(lane);
                    open.put(id, lane);
                }
                long other = prng.below(100) << (seed % 40);
                assertThat(lanes.find(other)).isEqualTo(open.getOrDefault(other, -1));
            }
        }
    }
}
