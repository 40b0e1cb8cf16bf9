package flyby.experiment;

import flyby.attacker.Raid;
import flyby.attacker.Spoils;
import flyby.base.LittleEndian;
import flyby.bus.AddressType;
import flyby.bus.Transaction.Status;
import flyby.coherence.CoherentMemory;
import flyby.driver.NicDriver;
import flyby.driver.NicDriver.Buffer;
import flyby.experiment.Secrets.Secret;
import flyby.experiment.Windows.Window;
import flyby.sim.Time;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Keeps account of what an attacker's device gets: which bytes of memory it has read, by what way, and which it has
/// written. Every byte of the loot is compared with what memory held when it was asked for.
final class LeakBook implements Spoils, NicDriver.Watch {
    /// A write is at memory within that time, however long the link's queue is.
    private static final long ON_ITS_WAY_PICOS = 100 * Time.MICROSECOND;

    /// By what way a byte was reached.
    enum Way {
        /// In a page that was mapped, beside the buffer.
        NEIGHBOUR,
        /// In a page that had been mapped, after the unmapping had returned.
        STALE,
        /// Anywhere else.
        ELSEWHERE
    }

    /// A line that the device has written, or not: nobody tells it.
    ///
    /// @param physical where it would be, if it is in memory
    /// @param unmaps how many unmappings had returned when it was made
    /// @param window through which it would have gone
    private record Planting(
            long stamp,
            long physical,
            long askedPicos,
            long unmaps,
            @Nullable Window window) {}

    private final Windows windows = new Windows();
    private final Secrets secrets;
    private final CoherentMemory memory;
    private final PageWalk tables;
    private final boolean isIdentity;
    private final LongSupplier now;
    /// Of all that the device got, and of what memory held there.
    private final Digest got = new Digest();

    private final Digest there = new Digest();
    private final BitSet late = new BitSet();
    private final BitSet exposed = new BitSet();
    private final BitSet own = new BitSet();
    private final Map<Way, BitSet> read = new EnumMap<>(Way.class);
    private final BitSet known = new BitSet();
    private final TreeMap<Integer, byte[]> loot = new TreeMap<>();
    private final List<Planting> plantings = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();
    private final @Nullable Window[] asked;
    private final byte[][] before;
    private long readBytes;
    private long accessCount;
    private long refusedCount;
    private long brokenCount;

    /// @param isIdentity whether addresses go where they say
    /// @param raidCount how many accesses of the device are under way at once
    LeakBook(
            Secrets secrets,
            CoherentMemory memory,
            PageWalk tables,
            boolean isIdentity,
            int raidCount,
            LongSupplier now) {
        this.secrets = secrets;
        this.memory = memory;
        this.tables = tables;
        this.isIdentity = isIdentity;
        this.now = now;
        asked = new Window[raidCount];
        before = new byte[raidCount][(int) Windows.PAGE_BYTES];
    }

    @Override
    public void mapped(Buffer buffer) {
        PageWalk.Found found = tables.find(buffer.dmaAddress());
        if (found == null) {
            wrong.add("0x%x is mapped, but not in the tables".formatted(buffer.dmaAddress()));
        } else {
            windows.mapped(buffer, found.physical() & -Windows.PAGE_BYTES, found.isReadable(), now.getAsLong());
            if (!isIdentity) {
                windows.addExposed(exposed, now.getAsLong());
            }
        }
    }

    @Override
    public void unmapped(Buffer buffer) {
        windows.unmapped(buffer, now.getAsLong());
        if (!isIdentity) {
            windows.addExposed(exposed, now.getAsLong());
        }
        if (!isIdentity && tables.find(buffer.dmaAddress()) != null) {
            wrong.add("0x%x is unmapped, but still in the tables".formatted(buffer.dmaAddress()));
        }
    }

    @Override
    public void asked(Raid raid) {
        accessCount++;
        Window window = windows.at(raid.iova(), now.getAsLong());
        asked[raid.index()] = window;
        long physical = physical(raid, window);
        if (raid.isWrite()) {
            plantings.add(new Planting(
                    LittleEndian.get(raid.data(), 0, Long.BYTES),
                    physical,
                    raid.askedPicos(),
                    windows.unmaps(),
                    window));
        } else if (physical >= 0) {
            copy(physical, raid.byteCount(), before[raid.index()]);
        }
    }

    /// Where an access goes if it is let through; -1 if nobody knows.
    private long physical(Raid raid, @Nullable Window window) {
        if (isIdentity || raid.claim() == AddressType.TRANSLATED) {
            return raid.iova();
        }
        return window == null ? -1 : window.physical(raid.iova());
    }

    /// The bytes at `physical`, of those lines that have an owner.
    private void copy(long physical, int byteCount, byte[] into) {
        for (int i = 0; i < byteCount; i++) {
            into[i] = memory.peek(physical + i);
        }
    }

    @Override
    public void answered(Raid raid, Status status) {
        if (raid.isWrite()) {
            return;
        }
        if (status != Status.SUCCESS) {
            refusedCount++;
            if (status != Status.ADDRESS_ERROR) {
                brokenCount++;
            }
            return;
        }
        readBytes += raid.byteCount();
        Window window = throughWhich(raid, asked[raid.index()]);
        long physical = physical(raid, window);
        if (window != asked[raid.index()] && physical >= 0) {
            copy(physical, raid.byteCount(), before[raid.index()]);
        }
        if (physical < 0) {
            wrong.add("0x%x was let through, though nobody had mapped it".formatted(raid.iova()));
            return;
        }
        boolean isLate = window != null && window.isClosedAt(raid.askedPicos());
        if (window != null && isLate) {
            window.reached(raid.askedPicos(), windows.unmaps());
        }
        compare(raid, physical);
        keep(raid, physical);
        enter(physical, raid.byteCount(), window, isLate, raid.askedPicos());
    }

    /// The window that an access went through which is answered now: if the page was mapped anew while it was on its
    /// way, that may have let it through, and the old window is not blamed.
    private @Nullable Window throughWhich(Raid raid, @Nullable Window window) {
        if (isIdentity || raid.claim() == AddressType.TRANSLATED) {
            return window;
        }
        Window newer = windows.at(raid.iova(), now.getAsLong());
        return newer != null && newer.mappedPicos() >= raid.askedPicos() ? newer : window;
    }

    /// What the device has got is what memory held when it asked, or holds now. A byte that differs from both must have
    /// changed on the way, at least twice: then the two differ, and what it was in between nobody has kept.
    private void compare(Raid raid, long physical) {
        byte[] held = before[raid.index()];
        for (int i = 0; i < raid.byteCount(); i++) {
            byte each = raid.data()[i];
            byte now = memory.peek(physical + i);
            if (each != held[i] && each != now && held[i] == now) {
                wrong.add("the device got %02x from 0x%x, where memory held %02x"
                        .formatted(each & 0xff, physical + i, now & 0xff));
            } else {
                held[i] = each;
            }
        }
        got.add(raid.data(), 0, raid.byteCount());
        there.add(held, 0, raid.byteCount());
        for (int i = 0; i + Long.BYTES <= raid.byteCount(); i += Long.BYTES) {
            Secret looks = secrets.lookingLike(LittleEndian.get(raid.data(), i, Long.BYTES));
            if (looks != null && !looks.holds(physical + i)) {
                wrong.add("what is at 0x%x looks like that of %s".formatted(physical + i, looks.owner()));
            } else if (looks != null && secrets.isLate(looks)) {
                late.set(Math.toIntExact(physical + i), Math.toIntExact(physical + i) + Long.BYTES);
            }
        }
    }

    /// Keeps what the device has got of secrets, as it got it first.
    private void keep(Raid raid, long physical) {
        for (int i = 0; i < raid.byteCount(); i++) {
            Secret secret = secrets.at(physical + i);
            if (secret != null && !known.get(Math.toIntExact(physical + i))) {
                byte[] bytes = loot.computeIfAbsent(secret.index(), _ -> new byte[secret.byteCount()]);
                bytes[Math.toIntExact(physical + i - secret.address())] = raid.data()[i];
                known.set(Math.toIntExact(physical + i));
            }
        }
    }

    /// What the device has got of `secret`; zeros where nothing.
    byte[] loot(Secret secret) {
        return loot.getOrDefault(secret.index(), new byte[secret.byteCount()]).clone();
    }

    private void enter(long physical, int byteCount, @Nullable Window window, boolean isLate, long picos) {
        Way way = window == null ? Way.ELSEWHERE : isLate ? Way.STALE : Way.NEIGHBOUR;
        List<Window> open = windows.openTo(physical, picos);
        for (int i = 0; i < byteCount; i++) {
            long at = physical + i;
            boolean isGiven = open.stream().anyMatch(each -> each.isBuffer(at));
            (isGiven ? own : read(way)).set(Math.toIntExact(at));
        }
    }

    /// The run is over: finds out which of the writes have arrived.
    void settle() {
        for (Planting planting : plantings) {
            Window window = planting.window();
            boolean isLate = window != null
                    && window.isClosedAt(planting.askedPicos())
                    && !windows.isMappedAgain(window, planting.askedPicos(), planting.askedPicos() + ON_ITS_WAY_PICOS);
            if (window != null && isLate && planting.physical() >= 0 && word(planting.physical()) == planting.stamp()) {
                window.reached(planting.askedPicos(), planting.unmaps());
            }
        }
    }

    private long word(long physical) {
        byte[] bytes = new byte[Long.BYTES];
        copy(physical, Long.BYTES, bytes);
        return LittleEndian.get(bytes, 0, Long.BYTES);
    }

    /// What is in `secret` now.
    byte[] now(Secret secret) {
        byte[] bytes = new byte[secret.byteCount()];
        copy(secret.address(), secret.byteCount(), bytes);
        return bytes;
    }

    private BitSet read(Way way) {
        return read.computeIfAbsent(way, _ -> new BitSet());
    }

    /// Bytes of `secret` that were read by `way`.
    int readOf(Secret secret, Way way) {
        int start = Math.toIntExact(secret.address());
        return read(way).get(start, start + secret.byteCount()).cardinality();
    }

    /// Bytes of `secret` that were read, by whatever way.
    int readOf(Secret secret) {
        int start = Math.toIntExact(secret.address());
        return allRead().get(start, start + secret.byteCount()).cardinality();
    }

    /// Bytes of memory that were read by `way`, those of secrets among them.
    long readBy(Way way) {
        return read(way).cardinality();
    }

    /// Bytes of memory that the device had no business with, and read.
    long leakedBytes() {
        return allRead().cardinality();
    }

    /// Of these, those that lie anywhere but in buffers that it had at the time: by physical address.
    BitSet allRead() {
        BitSet all = new BitSet();
        read.values().forEach(all::or);
        return all;
    }

    /// Of all that the device got, in its order, and of what memory held there.
    List<String> digests() {
        return List.of(got.text(), there.text());
    }

    /// Bytes that the tables have let the device read at some time, and that no buffer of it had then: by physical
    /// address. Known from the tables alone.
    BitSet exposed() {
        return (BitSet) exposed.clone();
    }

    /// Bytes that were read as their owners had stored them, long after their neighbours were given to the device.
    long lateBytes() {
        return late.cardinality();
    }

    /// Holds the loot against the tables: nothing may have been read that they did not expose.
    void expectWithinTables() {
        BitSet beyond = allRead();
        beyond.andNot(exposed);
        if (!beyond.isEmpty()) {
            wrong.add("0x%x was read, and %d more, though the tables never let the device"
                    .formatted(beyond.nextSetBit(0), beyond.cardinality() - 1));
        }
    }

    /// Writes of lines that it tried.
    int writeCount() {
        return plantings.size();
    }

    Windows windows() {
        return windows;
    }

    /// Bytes that it got, again and again those that it read again and again.
    long readBytes() {
        return readBytes;
    }

    long accessCount() {
        return accessCount;
    }

    /// Reads that were answered by an error.
    long refusedCount() {
        return refusedCount;
    }

    /// Of these, those whose answer was not Unsupported Request.
    long brokenCount() {
        return brokenCount;
    }

    /// Where the models contradict each other: nothing, unless there is a bug.
    List<String> wrong() {
        return List.copyOf(wrong);
    }
}
