package flyby.explore;

import flyby.choice.Footprint;
import java.util.Map;
import java.util.TreeMap;

/// Who touched which bytes, in any run so far.
final class Conflicts {
    private final long granuleBytes;
    /// By granule, and then by party: whether it wrote there.
    private final Map<Long, Map<String, Boolean>> parties = new TreeMap<>();

    /// @param granuleBytes what moves together: a cache line
    Conflicts(long granuleBytes) {
        this.granuleBytes = granuleBytes;
    }

    void add(Footprint access) {
        for (long granule = first(access); granule <= last(access); granule++) {
            parties.computeIfAbsent(granule, _ -> new TreeMap<>())
                    .merge(access.party(), access.isWrite(), Boolean::logicalOr);
        }
    }

    /// Whether it may make a difference to anybody when `access` is made.
    boolean has(Footprint access) {
        if (!access.isKnown()) {
            return true;
        }
        for (long granule = first(access); granule <= last(access); granule++) {
            for (Map.Entry<String, Boolean> other :
                    parties.getOrDefault(granule, Map.of()).entrySet()) {
                if (!other.getKey().equals(access.party()) && (access.isWrite() || other.getValue())) {
                    return true;
                }
            }
        }
        return false;
    }

    private long first(Footprint access) {
        return access.address() / granuleBytes;
    }

    private long last(Footprint access) {
        return (access.address() + access.byteCount() - 1) / granuleBytes;
    }
}
