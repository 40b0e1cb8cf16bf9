package flyby.link;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The sources of a direction, and a bit for each at which something may wait: of many sources few have anything,
/// and those that have nothing need not be looked at.
final class WaitingSources {
    /// No such source.
    static final int NONE = Integer.MAX_VALUE;

    private final List<Source> sources = new ArrayList<>();
    private long[] bits = new long[1];

    /// Another one, at which nothing waits.
    void add(Source source) {
        sources.add(source);
        bits = Arrays.copyOf(bits, Math.ceilDiv(sources.size(), Long.SIZE));
    }

    /// How many there are: the index of the next one.
    int size() {
        return sources.size();
    }

    Source get(int index) {
        return sources.get(index);
    }

    /// Something has come to the source at `index`.
    void cameTo(int index) {
        bits[index >> 6] |= 1L << index;
    }

    /// The first source from `from` on at which something waits, or [#NONE].
    int next(int from) {
        int word = from >> 6;
        if (word >= bits.length) {
            return NONE;
        }
        long left = bits[word] & (-1L << from);
        while (true) {
            while (left != 0) {
                long bit = Long.lowestOneBit(left);
                int index = (word << 6) + Long.numberOfTrailingZeros(bit);
                if (!sources.get(index).isEmpty()) {
                    return index;
                }
                bits[word] &= ~bit;
                left &= ~bit;
            }
            if (++word == bits.length) {
                return NONE;
            }
            left = bits[word];
        }
    }

    /// All, also those at which nothing waits.
    List<Source> all() {
        return sources;
    }
}
