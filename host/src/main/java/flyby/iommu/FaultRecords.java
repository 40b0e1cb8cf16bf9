package flyby.iommu;

import flyby.bus.AddressType;
import flyby.iommu.layout.RemappingRegisters;
import java.util.Arrays;

/// The fault recording registers, fault status and the fault event. Intel VT-d, sections 7.2 to 7.4 (primary fault
/// logging) and 11.4.7.
final class FaultRecords {
    private static final int WORDS = 4;
    private static final int F_WORD = 3;
    private static final int F = 1 << 31;

    private final MessageRegisters event;
    private final int[] words;
    private final int count;
    private int next;
    private int firstPending;
    // PFO, IQE and ITE; PPF follows from the records.
    private int errors;

    FaultRecords(int count, MessageRegisters event) {
        this.count = count;
        this.event = event;
        words = new int[count * WORDS];
    }

    void reset() {
        Arrays.fill(words, 0);
        next = 0;
        firstPending = 0;
        errors = 0;
    }

    void record(int requesterId, long address, int reason, boolean write, AddressType addressType) {
        long at = switch (addressType) {
            case UNTRANSLATED -> 0;
            case TRANSLATION_REQUEST -> 1;
            case TRANSLATED -> 2;
        };
        long high = RemappingRegisters.FRCD_SID.to(requesterId)
                | RemappingRegisters.FRCD_FR.to(reason)
                | RemappingRegisters.FRCD_AT.to(at)
                | RemappingRegisters.FRCD_T.to(write ? 0 : 1)
                | RemappingRegisters.FRCD_F.mask();
        record(address & RemappingRegisters.FRCD_FI.mask(), high);
    }

    /// A blocked interrupt. Fault information is its index, in bits 63:48.
    void recordInterrupt(int requesterId, int index, int reason) {
        long high = RemappingRegisters.FRCD_SID.to(requesterId)
                | RemappingRegisters.FRCD_FR.to(reason)
                | RemappingRegisters.FRCD_F.mask();
        record((long) index << 48, high);
    }

    private void record(long low, long high) {
        if (RemappingRegisters.FSTS_PFO.isSet(errors)) {
            return; // Until software clears it, nothing more is recorded: section 7.2.1.
        }
        int word = next * WORDS;
        if ((words[word + F_WORD] & F) != 0) {
            error((int) RemappingRegisters.FSTS_PFO.mask());
            return;
        }
        boolean isQuiet = isQuiet();
        if (!isAnyPending()) {
            firstPending = next;
        }
        words[word] = (int) low;
        words[word + 1] = (int) (low >>> Integer.SIZE);
        words[word + 2] = (int) high;
        words[word + F_WORD] = (int) (high >>> Integer.SIZE);
        next = (next + 1) % count;
        if (isQuiet) {
            event.raise();
        }
    }

    /// Sets FSTS bits of `mask`.
    void error(int mask) {
        boolean isQuiet = isQuiet();
        errors |= mask;
        if (isQuiet) {
            event.raise();
        }
    }

    boolean hasError(int mask) {
        return (errors & mask) != 0;
    }

    /// Whether no status is pending: only then does a new one signal an interrupt. Section 7.4.
    private boolean isQuiet() {
        return errors == 0 && !isAnyPending();
    }

    private boolean isAnyPending() {
        for (int word = F_WORD; word < words.length; word += WORDS) {
            if ((words[word] & F) != 0) {
                return true;
            }
        }
        return false;
    }

    /// FSTS.
    int status() {
        boolean isPending = isAnyPending();
        return errors
                | (int) RemappingRegisters.FSTS_PPF.to(isPending ? 1 : 0)
                | (int) RemappingRegisters.FSTS_FRI.to(isPending ? firstPending : 0);
    }

    /// Software writes 1 to bits of FSTS.
    void clearStatus(int mask) {
        errors &= ~mask;
        settle();
    }

    /// 4 bytes of the records, from the first one's first on.
    int read(int offset) {
        return words[offset / Integer.BYTES];
    }

    /// Software writes `value` there: F is cleared by writing 1, all else is read-only.
    void write(int offset, int value) {
        int word = offset / Integer.BYTES;
        if (word % WORDS == F_WORD && (value & F) != 0) {
            words[word] &= ~F;
            settle();
        }
    }

    private void settle() {
        if (isQuiet()) {
            event.forget();
        }
    }

    /// Bytes of all records.
    int bytes() {
        return words.length * Integer.BYTES;
    }
}
