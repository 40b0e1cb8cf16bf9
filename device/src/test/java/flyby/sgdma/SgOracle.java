package flyby.sgdma;

import flyby.choice.Choices;
import flyby.sgdma.layout.SgDescriptor;
import java.util.ArrayList;
import java.util.List;

/// A random chain, and what it does to an array of bytes by plain loops: byte by byte, or, where a descriptor is
/// ordered, unit by unit, which is all that overlapping places are promised.
final class SgOracle {
    /// Descriptors lie below, their data above.
    static final int DATA_BEGIN = 1 << 17;

    /// One descriptor. `frames` is 1 but for interleaved ones.
    record Step(
            int type,
            long flags,
            long source,
            long destination,
            int length,
            int frames,
            int sourceGap,
            int destinationGap) {
        boolean isOrdered() {
            return SgDescriptor.ORDERED.isSet(flags);
        }

        long byteCount() {
            return type == SgDescriptor.TYPE_NULL ? 0 : (long) length * frames;
        }
    }

    private SgOracle() {}

    static Step random(Choices choices, int unitBytes) {
        int type = (int) choices.below(4);
        int length = (int) choices.below(choices.pick(700, 4, 3 * unitBytes, 1));
        int frames = type == SgDescriptor.TYPE_INTERLEAVED ? (int) choices.below(6) : 1;
        int sourceGap = (int) choices.below(40);
        int destinationGap = (int) choices.below(40);
        long span = Math.max(1, (long) frames * (length + 40));
        int room = SgBench.MEMORY_BYTES - DATA_BEGIN;
        long source = type == SgDescriptor.TYPE_FILL
                ? choices.below(Long.MAX_VALUE)
                : DATA_BEGIN + choices.below(room - span);
        long destination = DATA_BEGIN + choices.below(room - span);
        long flags = 0;
        if (choices.chance(1, 4) && type != SgDescriptor.TYPE_FILL) {
            // Close enough to overlap.
            destination = Math.clamp(source + choices.between(-50, 50), DATA_BEGIN, SgBench.MEMORY_BYTES - span);
        }
        flags |= choices.chance(1, 4) ? SgDescriptor.INTERRUPT.mask() : 0;
        flags |= choices.chance(1, 4) ? SgDescriptor.RECORD.mask() : 0;
        flags |= choices.chance(1, 4) ? SgDescriptor.STATUS_WANTED.mask() : 0;
        flags |= choices.chance(1, 6) ? SgDescriptor.FENCE.mask() : 0;
        return new Step(type, flags, source, destination, length, frames, sourceGap, destinationGap);
    }

    /// The same steps with the fences and the order that their overlaps ask for.
    static List<Step> defined(List<Step> steps) {
        List<Step> result = new ArrayList<>();
        List<long[]> read = new ArrayList<>();
        List<long[]> written = new ArrayList<>();
        for (Step step : steps) {
            Step made = step;
            long[] source = range(step.source, step, step.sourceGap);
            long[] destination = range(step.destination, step, step.destinationGap);
            boolean reads = step.type != SgDescriptor.TYPE_FILL;
            boolean isDone = step.byteCount() == 0;
            if (!isDone && reads && meets(source, destination)) {
                made = with(made, SgDescriptor.ORDERED.mask());
            }
            boolean meetsEarlier = !isDone
                    && (written.stream().anyMatch(each -> meets(each, destination) || (reads && meets(each, source)))
                            || read.stream().anyMatch(each -> meets(each, destination)));
            if (meetsEarlier && !made.isOrdered()) {
                Step before = result.removeLast();
                result.add(with(before, SgDescriptor.FENCE.mask()));
                read.clear();
                written.clear();
            }
            if (made.isOrdered() || SgDescriptor.FENCE.isSet(made.flags)) {
                read.clear();
                written.clear();
            } else if (!isDone) {
                written.add(destination);
                if (reads) {
                    read.add(source);
                }
            }
            result.add(made);
        }
        return result;
    }

    private static Step with(Step step, long flags) {
        return new Step(
                step.type,
                step.flags | flags,
                step.source,
                step.destination,
                step.length,
                step.frames,
                step.sourceGap,
                step.destinationGap);
    }

    private static long[] range(long from, Step step, int gap) {
        return new long[] {from, from + (long) step.frames * (step.length + gap)};
    }

    private static boolean meets(long[] one, long[] other) {
        return one[0] < other[1] && other[0] < one[1];
    }

    /// What the step does to `memory`, of which index 0 is address 0.
    static void apply(Step step, byte[] memory, int unitBytes) {
        if (step.type == SgDescriptor.TYPE_NULL) {
            return;
        }
        for (int frame = 0; frame < step.frames; frame++) {
            long from = step.source + (long) frame * (step.length + step.sourceGap);
            long to = step.destination + (long) frame * (step.length + step.destinationGap);
            for (int done = 0; done < step.length; done += unitBytes) {
                int count = Math.min(unitBytes, step.length - done);
                byte[] unit = new byte[count];
                for (int i = 0; i < count; i++) {
                    unit[i] = step.type == SgDescriptor.TYPE_FILL
                            ? (byte) (step.source >>> (8 * ((done + i) % 8)))
                            : memory[(int) (from + done + i)];
                }
                System.arraycopy(unit, 0, memory, (int) (to + done), count);
            }
        }
    }

    /// Stores the steps as a chain in `bench`, at the descriptors `places`, and ends it with `end`.
    static void store(SgBench bench, List<Step> steps, long[] places, long end) {
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            long next = i + 1 < steps.size() ? places[i + 1] : end;
            bench.descriptor(places[i], step.type, step.flags, step.source, step.destination, step.length, next);
            bench.put(places[i] + SgDescriptor.FRAMES, step.frames, 4);
            bench.put(places[i] + SgDescriptor.SOURCE_GAP, step.sourceGap, 4);
            bench.put(places[i] + SgDescriptor.DESTINATION_GAP, step.destinationGap, 4);
            // How far the NEXTs go from place to place.
            int adjacent = 0;
            while (i + 2 + adjacent < steps.size() && places[i + 2 + adjacent] == places[i + 1 + adjacent] + 64) {
                adjacent++;
            }
            bench.put(places[i] + SgDescriptor.ADJACENT, adjacent, 4);
        }
    }
}
