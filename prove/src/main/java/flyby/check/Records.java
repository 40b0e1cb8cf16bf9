package flyby.check;

import flyby.check.Finding.Step;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the parties did lately, numbered in the order in which the driver's program, or the devices, did it.
///
/// Numbers go up by one; 0 is none. What is older than [#KEPT] is forgotten but for its order.
final class Records {
    /// What was done.
    enum Kind {
        /// The CPU stored to memory.
        STORE,
        /// It wrote a register.
        REGISTER,
        /// It called the DMA API.
        CALL,
        /// A device wrote memory.
        DEVICE
    }

    /// One of them.
    ///
    /// @param address physical, or of the register; of a call what it was about
    /// @param value of stores and registers of up to 8 bytes
    record Entry(
            long number,
            Kind kind,
            String party,
            long address,
            long value,
            int byteCount,
            CallSite site,
            long timePicos) {
        Step step() {
            String what = switch (kind) {
                case STORE -> "the CPU stored 0x%x at 0x%x".formatted(value, address);
                case REGISTER -> "the CPU wrote 0x%x to the register at 0x%x".formatted(value, address);
                case CALL -> party + " of 0x%x".formatted(address);
                case DEVICE -> party + " wrote %d bytes at 0x%x".formatted(byteCount, address);
            };
            return new Step(timePicos, what, site);
        }
    }

    private static final int KEPT = 1 << 13;
    private static final int COMMAND = 4;
    private static final int COMMAND_MASTER = 1 << 2;
    private static final Entry NONE = new Entry(0, Kind.CALL, "", 0, 0, 0, CallSite.NONE, 0);

    private final Entry[] entries = new Entry[KEPT];
    private long latest;

    /// The number of what was done last.
    long latest() {
        return latest;
    }

    /// Takes down what is done now.
    ///
    /// @return its number
    long add(Kind kind, String party, long address, long value, int byteCount, CallSite site, long timePicos) {
        latest++;
        entries[(int) latest & KEPT - 1] = new Entry(latest, kind, party, address, value, byteCount, site, timePicos);
        return latest;
    }

    /// A number for something that is not worth a record.
    long next() {
        latest++;
        entries[(int) latest & KEPT - 1] = NONE;
        return latest;
    }

    /// What was taken down as `number`, or something without a site if that is forgotten.
    Entry find(long number) {
        if (number <= 0 || number > latest || latest - number >= KEPT) {
            return NONE;
        }
        Entry entry = entries[(int) number & KEPT - 1];
        return entry.number() == number ? entry : NONE;
    }

    /// By what a driver switched bus mastering on last, if that was after `number`: a write of COMMAND, PCI Express
    /// section 7.5.1.1.3.
    @Nullable
    Entry masteredAfter(long number) {
        for (long at = latest; at > number && latest - at < KEPT; at--) {
            Entry entry = find(at);
            boolean isCommand =
                    entry.kind() == Kind.REGISTER && entry.byteCount() == 2 && (entry.address() & 0xfff) == COMMAND;
            if (isCommand
                    && (entry.value() & COMMAND_MASTER) != 0
                    && entry.site().isKnown()) {
                return entry;
            }
        }
        return null;
    }

    /// The last `count` stores to memory that devices share and register writes, the oldest first.
    List<Step> lately(int count) {
        List<Step> steps = new ArrayList<>();
        for (long at = latest; at > 0 && latest - at < KEPT && steps.size() < count; at--) {
            Entry entry = find(at);
            boolean isOfDriver = entry.kind() == Kind.STORE || entry.kind() == Kind.REGISTER;
            if (isOfDriver && entry.site().isKnown()) {
                steps.addFirst(entry.step());
            }
        }
        return steps;
    }

    /// By what the CPU told somebody the address `given`, or one a little before it, and what it stored beside that:
    /// a descriptor, the registers of one operation.
    List<Step> telling(long given, int besideMax) {
        for (long at = latest; at > 0 && latest - at < KEPT; at--) {
            Entry entry = find(at);
            boolean isOfDriver = entry.kind() == Kind.STORE || entry.kind() == Kind.REGISTER;
            if (isOfDriver && entry.byteCount() >= 4 && tells(entry, given)) {
                return beside(entry, besideMax);
            }
        }
        return List.of();
    }

    private static boolean tells(Entry entry, long given) {
        long mask = entry.byteCount() == 4 ? 0xffff_ffffL : -1L;
        long distance = (given & mask) - (entry.value() & mask);
        return entry.value() != 0 && distance >= 0 && distance < Page.BYTES;
    }

    private List<Step> beside(Entry found, int besideMax) {
        List<Step> steps = new ArrayList<>();
        for (long at = Math.max(1, found.number() - besideMax); at <= found.number() + besideMax; at++) {
            Entry entry = find(at);
            boolean isNear = entry.kind() == found.kind() && Math.abs(entry.address() - found.address()) < 64;
            if (isNear && entry.site().isKnown()) {
                steps.add(entry.step());
            }
        }
        return steps;
    }
}
