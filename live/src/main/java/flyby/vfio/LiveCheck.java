package flyby.vfio;

import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Holds each access of a device against what its driver has mapped. With an IOMMU in the guest the client tells of
/// each mapping and unmapping that the driver makes, so an access that no window allows is a bug of driver or
/// device.
///
/// Without an IOMMU there the windows are the guest's memory, and nothing but what lies beyond that is found.
public final class LiveCheck {
    /// So many windows of the past are remembered.
    static final int PAST_MAX = 4_096;

    /// So many reports are kept.
    static final int REPORTS_MAX = 100;

    private static final long NANOS_PER_MICRO = 1_000;
    private static final int PAGE_SHIFT = 12;

    private final LongSupplier nanos;
    private final Consumer<Report> listener;
    private final Map<Window, Past> live = new LinkedHashMap<>();
    private final ArrayDeque<Past> past = new ArrayDeque<>();
    private final Map<String, Report> reports = new LinkedHashMap<>();
    private long connectedNanos;
    private long mapped;
    private long unmapped;
    private int liveMax;
    private long refused;

    /// What is wrong with an access.
    public enum Wrong {
        /// No window has it, nor had it lately.
        NEVER_MAPPED("memory that the driver has not mapped"),
        /// A window had it, which the driver has unmapped.
        UNMAPPED("memory that the driver has unmapped"),
        /// A window has it, for the other direction.
        DIRECTION("memory that the driver has mapped for the other direction"),
        /// It begins in a window and goes on behind it.
        BEYOND("memory behind what the driver has mapped"),
        /// The function may not ask for memory at all.
        NOT_MASTER("memory while Bus Master Enable is clear");

        private final String words;

        Wrong(String words) {
            this.words = words;
        }
    }

    /// The life of a window.
    private record Past(long address, long byteCount, String rights, long fromNanos, long toNanos) {
        boolean contains(long wanted) {
            return wanted >= address && wanted < address + byteCount;
        }
    }

    /// One bug: all accesses of its kind to the same page.
    public static final class Report {
        private final Wrong wrong;
        private final boolean isWrite;
        private final long address;
        private final int byteCount;
        private final String purpose;
        private final List<String> history;
        private final long guestMicros;
        private long count = 1;

        private Report(Wrong wrong, Transaction first, List<String> history, long guestMicros) {
            this.wrong = wrong;
            this.isWrite = first.kind() == Kind.WRITE;
            this.address = first.iova();
            this.byteCount = first.byteCount();
            this.purpose = first.purpose();
            this.history = List.copyOf(history);
            this.guestMicros = guestMicros;
        }

        public Wrong wrong() {
            return wrong;
        }

        /// Of the first access.
        public long address() {
            return address;
        }

        /// What the device made the first access for; empty if it does not say.
        public String purpose() {
            return purpose;
        }

        /// What became of the windows there, the oldest first.
        public List<String> history() {
            return history;
        }

        /// How often it has been seen.
        public long count() {
            return count;
        }

        /// All of it, a line for each step.
        public List<String> lines() {
            List<String> lines = new ArrayList<>();
            lines.add("the device %s %d bytes at 0x%x: %s"
                    .formatted(isWrite ? "writes" : "reads", byteCount, address, wrong.words));
            lines.add("  for   " + (purpose.isEmpty() ? "(the device does not say)" : purpose));
            lines.add("  when  %.6f s after the client came".formatted(guestMicros / 1e6));
            history.forEach(each -> lines.add("  " + each));
            return lines;
        }
    }

    /// @param nanos the time
    /// @param listener hears of each bug when it is seen first
    LiveCheck(LongSupplier nanos, Consumer<Report> listener) {
        this.nanos = nanos;
        this.listener = listener;
    }

    /// A checker that goes by the host's clock.
    ///
    /// @param listener hears of each bug when it is seen first, on the server's thread
    public static LiveCheck start(Consumer<Report> listener) {
        return new LiveCheck(System::nanoTime, listener);
    }

    /// Who tells of what happens.
    Witness witness() {
        return new Eye();
    }

    private final class Eye implements Witness {
        @Override
        public void connected(boolean isConnected) {
            synchronized (LiveCheck.this) {
                live.clear();
                past.clear();
                connectedNanos = nanos.getAsLong();
            }
        }

        @Override
        public void mapped(Window window) {
            synchronized (LiveCheck.this) {
                mapped++;
                String rights = window.canRead() ? window.canWrite() ? "both ways" : "to be read" : "to be written";
                live.put(window, new Past(window.address(), window.byteCount(), rights, nanos.getAsLong(), 0));
                liveMax = Math.max(liveMax, live.size());
            }
        }

        @Override
        public void unmapped(Window window) {
            synchronized (LiveCheck.this) {
                unmapped++;
                Past its = live.remove(window);
                if (its == null) {
                    return;
                }
                past.addLast(new Past(its.address, its.byteCount, its.rights, its.fromNanos, nanos.getAsLong()));
                if (past.size() > PAST_MAX) {
                    past.removeFirst();
                }
            }
        }

        @Override
        public void notMaster(Transaction transaction) {
            synchronized (LiveCheck.this) {
                report(transaction, Wrong.NOT_MASTER, transaction.iova());
            }
        }

        @Override
        public void refused(Transaction transaction, long at, @Nullable Window there) {
            synchronized (LiveCheck.this) {
                Wrong wrong;
                if (there != null) {
                    wrong = Wrong.DIRECTION;
                } else if (past.stream().anyMatch(each -> each.contains(at))) {
                    wrong = Wrong.UNMAPPED;
                } else {
                    wrong = at == transaction.iova() ? Wrong.NEVER_MAPPED : Wrong.BEYOND;
                }
                report(transaction, wrong, at);
            }
        }
    }

    private void report(Transaction transaction, Wrong wrong, long at) {
        refused++;
        boolean isWrite = transaction.kind() == Kind.WRITE;
        String key = wrong + " " + isWrite + " " + (at >>> PAGE_SHIFT);
        Report known = reports.get(key);
        if (known != null) {
            known.count++;
            return;
        }
        if (reports.size() == REPORTS_MAX) {
            return;
        }
        long now = nanos.getAsLong();
        long micros = (now - connectedNanos) / NANOS_PER_MICRO;
        Report report = new Report(wrong, transaction, history(at, now), micros);
        reports.put(key, report);
        listener.accept(report);
    }

    /// What the driver did with the memory at `at`, and what is nearest if nothing.
    private List<String> history(long at, long now) {
        List<String> lines = new ArrayList<>();
        for (Past each : past) {
            if (each.contains(at)) {
                lines.add("mapped   %s, %s, and unmapped %s later, %s ago"
                        .formatted(
                                place(each),
                                each.rights,
                                time(each.toNanos - each.fromNanos),
                                time(now - each.toNanos)));
            }
        }
        int first = Math.max(0, lines.size() - 4);
        List<String> latest = new ArrayList<>(lines.subList(first, lines.size()));
        for (Past each : live.values()) {
            if (each.contains(at)) {
                latest.add("mapped   %s, %s, %s ago".formatted(place(each), each.rights, time(now - each.fromNanos)));
            }
        }
        if (latest.isEmpty()) {
            live.values().stream()
                    .min((a, b) -> Long.compare(distance(a, at), distance(b, at)))
                    .ifPresent(nearest -> latest.add("nearest  %s, %s, which is 0x%x bytes away"
                            .formatted(place(nearest), nearest.rights, distance(nearest, at))));
        }
        return latest;
    }

    private static long distance(Past window, long at) {
        return at < window.address ? window.address - at : Math.max(0, at - (window.address + window.byteCount) + 1);
    }

    private static String place(Past window) {
        return "0x%x to 0x%x".formatted(window.address, window.address + window.byteCount - 1);
    }

    private static String time(long nanos) {
        return "%.3f ms".formatted(nanos / 1e6);
    }

    /// All bugs so far, in the order in which they were first seen.
    public synchronized List<Report> reports() {
        return List.copyOf(reports.values());
    }

    /// How many windows the client has mapped.
    public synchronized long mappedCount() {
        return mapped;
    }

    /// How many accesses were refused.
    public synchronized long refusedCount() {
        return refused;
    }

    /// What was seen, in a sentence.
    public synchronized String summary() {
        return "%d accesses refused, %d kinds of them; the client mapped %d windows and unmapped %d, at most %d at once"
                .formatted(refused, reports.size(), mapped, unmapped, liveMax);
    }
}
