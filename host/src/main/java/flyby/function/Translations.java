package flyby.function;

import flyby.configuration.ConfigurationSpace;
import flyby.configuration.layout.AtsRegisters;
import flyby.configuration.layout.CapabilityIds;
import flyby.pcie.PageRange;
import java.util.Arrays;

/// The translations that a function has asked for and keeps: its address translation cache, section 10.1.
///
/// An answer that there is no translation is used once and not kept (section 10.2.3.5): the access then goes out
/// untranslated, and the IOMMU decides. The oldest entry makes room for a new one.
final class Translations {
    /// There is no answer yet.
    static final long UNKNOWN = -1;

    /// Section 10.5.1.2: so many invalidations are taken before the first is answered; the field says 0 for it.
    static final int QUEUE_DEPTH = 32;

    private final ConfigurationSpace space;
    private final int at;
    private final long[] addresses;
    private final int[] shifts;
    private final long[] ranges;
    private int next;
    private int lastHit;
    private boolean enabled;

    /// @param entries 1 or more
    Translations(ConfigurationSpace space, int entries) {
        this.space = space;
        at = space.extendedCapability(CapabilityIds.ADDRESS_TRANSLATION_SERVICES, 1, AtsRegisters.MAP.spanBytes());
        space.define(at + AtsRegisters.CAPABILITY, 2, AtsRegisters.CAPABILITY_PAGE_ALIGNED.mask());
        space.define(
                at + AtsRegisters.CONTROL,
                2,
                0,
                AtsRegisters.CONTROL_UNIT.mask() | AtsRegisters.CONTROL_ENABLE.mask(),
                0);
        addresses = new long[entries];
        shifts = new int[entries];
        ranges = new long[entries];
        Arrays.fill(ranges, UNKNOWN);
        space.whenWritten((_, _) -> decode());
    }

    /// Takes over what stands in the registers; a function that may not use translations forgets them.
    void decode() {
        enabled = AtsRegisters.CONTROL_ENABLE.isSet(space.get(at + AtsRegisters.CONTROL, 2));
        if (!enabled) {
            Arrays.fill(ranges, UNKNOWN);
        }
    }

    boolean isEnabled() {
        return enabled;
    }

    /// The translation of `address`, a [PageRange], or [#UNKNOWN].
    long find(long address) {
        if (holds(lastHit, address)) {
            return ranges[lastHit];
        }
        for (int i = 0; i < ranges.length; i++) {
            if (holds(i, address)) {
                lastHit = i;
                return ranges[i];
            }
        }
        return UNKNOWN;
    }

    private boolean holds(int entry, long address) {
        return ranges[entry] != UNKNOWN && address >>> shifts[entry] == addresses[entry] >>> shifts[entry];
    }

    /// The answer for `address` is `range`.
    void add(long address, long range) {
        addresses[next] = address;
        shifts[next] = PageRange.shift(range);
        ranges[next] = range;
        next = next + 1 == ranges.length ? 0 : next + 1;
    }

    /// Forgets what overlaps 2 to the power of `shift` bytes around `address`: section 10.3.1.
    void forget(long address, int shift) {
        for (int i = 0; i < ranges.length; i++) {
            int wider = Math.max(shift, shifts[i]);
            if (address >>> wider == addresses[i] >>> wider) {
                ranges[i] = UNKNOWN;
            }
        }
    }
}
