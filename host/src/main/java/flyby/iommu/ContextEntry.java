package flyby.iommu;

import flyby.bus.AddressType;
import flyby.iommu.layout.FaultReason;
import flyby.iommu.layout.RemappingTables;

/// A context entry, decoded: which domain a function belongs to and how it is treated. Used again and again.
final class ContextEntry {
    /// Not a fault.
    static final int FINE = 0;

    private static final int AW_TO_LEVELS = 2;

    int requesterId;
    int domain;
    int levels;
    int translationType;
    boolean recordsFaults;
    long table;

    void copy(ContextEntry other) {
        requesterId = other.requesterId;
        domain = other.domain;
        levels = other.levels;
        translationType = other.translationType;
        recordsFaults = other.recordsFaults;
        table = other.table;
    }

    /// Takes over what the 16 bytes of an entry say, as far as they can be read.
    ///
    /// @return [#FINE], or the [FaultReason]
    int decode(long low, long high, IommuParameters parameters) {
        recordsFaults = !RemappingTables.CONTEXT_FPD.isSet(low);
        domain = (int) RemappingTables.CONTEXT_DID.of(high);
        levels = (int) RemappingTables.CONTEXT_AW.of(high) + AW_TO_LEVELS;
        translationType = (int) RemappingTables.CONTEXT_TT.of(low);
        table = low & RemappingTables.TABLE.mask();
        if (!RemappingTables.PRESENT.isSet(low)) {
            return FaultReason.CONTEXT_NOT_PRESENT;
        }
        if (RemappingTables.CONTEXT_RESERVED.isSet(low) || RemappingTables.CONTEXT_RESERVED_HIGH.isSet(high)) {
            return FaultReason.CONTEXT_RESERVED;
        }
        boolean isType = switch (translationType) {
            case RemappingTables.TT_TRANSLATE, RemappingTables.TT_PASS_THROUGH -> true;
            case RemappingTables.TT_DEVICE_TLB -> parameters.deviceTlbs();
            default -> false;
        };
        return isType && levels >= 3 && levels <= parameters.levelsMax() ? FINE : FaultReason.CONTEXT_INVALID;
    }

    /// Why `translation` ends before any table is looked at, or [#FINE].
    int refusal(Translation translation) {
        boolean isUntranslated = translation.addressType() == AddressType.UNTRANSLATED;
        if (!isUntranslated && translationType != RemappingTables.TT_DEVICE_TLB) {
            return FaultReason.ATS_BLOCKED;
        }
        boolean isTranslated = translation.addressType() == AddressType.TRANSLATED;
        boolean isTooWide = translation.iova() >>> RemappingTables.addressBits(levels) != 0;
        return !isTranslated && isTooWide ? FaultReason.BEYOND_WIDTH : FINE;
    }

    /// Whether `translation`, which is not refused, goes where it says.
    boolean passesThrough(Translation translation) {
        return translationType == RemappingTables.TT_PASS_THROUGH
                || translation.addressType() == AddressType.TRANSLATED;
    }
}
