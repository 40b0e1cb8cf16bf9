package flyby.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.AddressType;
import flyby.choice.Choices;
import flyby.choice.Property;
import flyby.iommu.CacheGeometry.Replacement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The unit against a plain walker that has no caches, over tables full of nonsense.
final class IommuReferenceTest {
    private static final int[] REQUESTERS = {0x0000, 0x0008, 0x0100, 0x01f9, 0x0203};
    private static final int[] INDICES = {0, 1, 2, 511};
    private static final long FRAMES = 0x20_0000;
    private static final int FRAME_COUNT = 12;

    @Test
    void randomTablesMeanWhatTheSpecificationSays() {
        Property.check(400, choices -> {
            IommuParameters parameters = parameters(choices);
            IommuBench bench = new IommuBench(parameters);
            tables(bench, choices);
            bench.enable();
            List<Request> requests = new ArrayList<>();
            int count = (int) choices.between(1, 60);
            for (int i = 0; i < count; i++) {
                requests.add(new Request(bench, choices));
                // Some come one after the other, some all at once.
                if (choices.chance(1, 3)) {
                    bench.simulation.run();
                    drain(bench, requests);
                }
            }
            bench.simulation.run();
            drain(bench, requests);
        });
    }

    @Test
    void afterChangesAndInvalidationTheyMeanWhatTheySayNow() {
        Property.check(300, choices -> {
            IommuBench bench = new IommuBench(parameters(choices));
            tables(bench, choices);
            bench.enable();
            for (int round = 0; round < 4; round++) {
                List<Request> requests = new ArrayList<>();
                for (int i = 0; i < 12; i++) {
                    requests.add(new Request(bench, choices));
                }
                if (choices.chance(1, 2)) {
                    bench.simulation.run();
                }
                // Walks may be under way now. What they have found is old once the invalidation is over.
                change(bench, choices);
                bench.queue(1 | choices.between(1, 2) << 4 | choices.below(2) << 16, 0);
                bench.queue(1 | 1 << 4, 0);
                bench.queue(2 | 1 << 4 | 3 << 6, 0);
                bench.flush();
                assertThat(requests).allMatch(each -> each.done);
                requests.clear();
                bench.takeFaults(); // Those of before are another test's business.
                for (int i = 0; i < 12; i++) {
                    requests.add(new Request(bench, choices));
                    bench.simulation.run();
                    drain(bench, requests);
                }
            }
        });
    }

    private static IommuParameters parameters(Choices choices) {
        IommuParameters base = IommuParameters.typical();
        return new IommuParameters(
                        choices.pick(46, 39),
                        (int) choices.between(3, 5),
                        choices.pick(true, false),
                        choices.pick(true, false),
                        true,
                        true,
                        true,
                        geometry(choices),
                        geometry(choices),
                        geometry(choices),
                        geometry(choices),
                        geometry(choices),
                        base.interruptCache(),
                        (int) choices.between(1, 4),
                        0,
                        0,
                        64,
                        1_000_000)
                .withTimes(choices.below(200_000), choices.below(200_000));
    }

    private static CacheGeometry geometry(Choices choices) {
        return new CacheGeometry(
                1 << choices.below(3), (int) choices.below(5), choices.pick(Replacement.LRU, Replacement.RANDOM));
    }

    private static void tables(IommuBench bench, Choices choices) {
        for (int requester : REQUESTERS) {
            context(bench, choices, requester);
        }
        if (choices.chance(1, 8)) {
            bench.memory.write64(IommuBench.ROOT + 16, choices.pick(0L, 0x30_0003L, 0x7_0000_0001L));
        }
        for (int frame = 0; frame < FRAME_COUNT; frame++) {
            for (int index : INDICES) {
                entry(bench, choices, frame, index);
            }
        }
    }

    private static void context(IommuBench bench, Choices choices, int requester) {
        // All functions of a domain have the same tables: section 6.2.1 leaves no choice.
        long domain = choices.below(3);
        long low = FRAMES + domain * 4096 | 1;
        long high = domain << 8 | 1 + (domain + 1) % 3;
        switch ((int) choices.below(12)) {
            case 1 -> low &= ~1L;
            case 2 -> low |= 1L << choices.between(4, 11);
            case 3 -> high |= 1L << choices.between(24, 63);
            case 4 -> low |= choices.pick(0x8L, 0x4L, 0xcL);
            case 5 -> high = choices.pick(0L, 4L, 7L);
            default -> {}
        }
        bench.contextEntry(requester, low, high);
    }

    private static void change(IommuBench bench, Choices choices) {
        for (int i = 0; i < 4; i++) {
            if (choices.chance(1, 4)) {
                context(bench, choices, REQUESTERS[(int) choices.below(REQUESTERS.length)]);
            } else {
                entry(bench, choices, (int) choices.below(FRAME_COUNT), INDICES[(int) choices.below(INDICES.length)]);
            }
        }
    }

    /// Any entry at any level: tables lead to tables, and pages of all sizes are right or wrong at random.
    private static void entry(IommuBench bench, Choices choices, int frame, int index) {
        long entry = frame(choices) | choices.pick(3L, 1L, 2L);
        switch ((int) choices.below(12)) {
            case 1 -> entry = choices.below(8) << 9;
            case 2 -> entry |= 1L << choices.between(2, 62);
            case 3, 4 -> entry = 0x80 | (entry & 3) | choices.below(3) << 30;
            case 5, 6 -> entry = 0x80 | (entry & 3) | choices.below(16) << 21;
            case 7 -> entry = 0x80 | (entry & 3) | choices.below(16) << 14;
            case 8 -> entry = (entry & 3) | choices.between(1, 64) << 30;
            default -> {}
        }
        bench.memory.write64(FRAMES + frame * 4096L + index * 8L, entry);
    }

    private static long frame(Choices choices) {
        return FRAMES + choices.below(FRAME_COUNT) * 4096;
    }

    private static void drain(IommuBench bench, List<Request> requests) {
        List<String> expected = new ArrayList<>();
        for (Request request : requests) {
            assertThat(request.done).as("answered").isTrue();
            ReferenceWalker.Result right = request.right();
            if (right.fault() != 0) {
                assertThat(request.translation.isAllowed())
                        .as("%s faults with %x", request, right.fault())
                        .isFalse();
                expected.add(request.fault(right.fault()));
            } else {
                assertThat(IommuBench.answer(request.translation))
                        .as("%s", request)
                        .isEqualTo(new IommuBench.Answer(
                                true,
                                right.address(),
                                (right.allowed() & 1) != 0,
                                (right.allowed() & 2) != 0,
                                right.pageShift()));
            }
        }
        assertThat(bench.takeFaults()).containsExactlyInAnyOrderElementsOf(expected);
        requests.clear();
    }

    /// A request to anywhere, and whether it has been answered.
    private static final class Request {
        private final IommuBench bench;
        private final Translation translation;
        private boolean done;

        Request(IommuBench bench, Choices choices) {
            this.bench = bench;
            long iova = choices.below(4096);
            for (int level = 1; level <= 5; level++) {
                // High levels are used less often: three-level tables know nothing of them.
                boolean isUsed = level <= 3 || choices.chance(1, 4);
                int index = isUsed ? INDICES[(int) choices.below(INDICES.length)] : 0;
                iova |= (long) index << (12 + 9 * (level - 1));
            }
            int requester = choices.chance(1, 20) ? 0x1717 : REQUESTERS[(int) choices.below(REQUESTERS.length)];
            translation = new Translation(_ -> done = true);
            translation.ask(requester, iova, 1, choices.chance(1, 2), AddressType.UNTRANSLATED);
            done = bench.iommu.translate(translation);
        }

        ReferenceWalker.Result right() {
            long capabilities = bench.read(0x8, 8);
            return new ReferenceWalker(
                            bench.memory,
                            IommuBench.MEMORY_BYTES,
                            bench.addressBits,
                            (capabilities >>> 8 & 8) != 0 ? 5 : (capabilities >>> 8 & 4) != 0 ? 4 : 3,
                            (capabilities >>> 34 & 1) != 0,
                            (capabilities >>> 34 & 2) != 0)
                    .walk(IommuBench.ROOT, translation.requesterId(), translation.iova(), translation.isWrite());
        }

        String fault(int reason) {
            return "%02x %04x %x %s"
                    .formatted(
                            reason,
                            translation.requesterId(),
                            translation.iova() & -4096L,
                            translation.isWrite() ? "W" : "R");
        }

        @Override
        public String toString() {
            return "%04x 0x%x %s".formatted(translation.requesterId(), translation.iova(), translation.isWrite());
        }
    }
}
