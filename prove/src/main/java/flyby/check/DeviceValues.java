package flyby.check;

import flyby.base.LittleEndian;
import flyby.check.Finding.Step;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the driver's program got from memory that a device may write: for reads that are made twice, and for values
/// that it uses as pointers, lengths and indices.
///
/// The checker does not see what a program computes. A value that comes back as it was loaded, or nearly so, is taken
/// for the same.
final class DeviceValues {
    private static final int KEPT = 32;

    /// A structure that a pointer points to is hardly longer.
    private static final int NEAR_BYTES = 256;

    /// A header that is subtracted from, or added to, a length.
    private static final int NEAR_LENGTH = 64;

    /// A load of a word that a device may write.
    private record Load(
            long address, int byteCount, long value, long writer, boolean isWritten, CallSite site, long timePicos) {}

    private final World world;
    /// Since the last operation that orders loads.
    private final List<Load> unordered = new ArrayList<>();
    private final Deque<Load> lately = new ArrayDeque<>();
    private final Deque<Load> pointers = new ArrayDeque<>();

    DeviceValues(World world) {
        this.world = world;
    }

    void ordered() {
        unordered.clear();
    }

    /// The program has loaded `byteCount` bytes.
    void loaded(long address, byte[] bytes, int offset, int byteCount) {
        if (byteCount > 8) {
            return;
        }
        Page page = world.pages.find(address);
        if (page == null || !page.isShared || !mayBeWritten(page, address, page.writers[(int) address & Page.MASK])) {
            return;
        }
        int in = (int) address & Page.MASK;
        long writer = page.writers[in];
        boolean isWritten = world.records.find(writer).kind() == Records.Kind.DEVICE;
        long value = LittleEndian.get(bytes, offset, byteCount);
        Load load = new Load(address, byteCount, value, writer, isWritten, world.sites.here(), world.now());
        twice(load);
        if (isWritten) {
            keep(lately, load);
        }
        if (byteCount == 8 && value > Page.BYTES && world.isKernels(value)) {
            keep(pointers, load);
        }
    }

    /// Whether a device could write it after `writer` did.
    private boolean mayBeWritten(Page page, long address, long writer) {
        for (int i = 0; i < page.mappings.size(); i++) {
            Mapping mapping = page.mappings.get(i);
            if (mapping.direction.isWritten() && mapping.holds(address)) {
                return true;
            }
        }
        Mapping ended = world.ledger.endedAddressed(address);
        return ended != null && ended.direction.isWritten() && ended.endNumber > writer;
    }

    private static void keep(Deque<Load> loads, Load load) {
        if (loads.size() == KEPT) {
            loads.removeFirst();
        }
        loads.addLast(load);
    }

    private void twice(Load load) {
        for (Load other : unordered) {
            boolean isSameWord = other.address == load.address && other.byteCount == load.byteCount;
            // Nobody else has written it, or the device's write is there and not yet known of.
            boolean isDevices = load.isWritten || other.writer == load.writer;
            if (isSameWord && other.value != load.value && isDevices && isElsewhere(other, load)) {
                Found found = world.findings.add(
                        Rule.R78,
                        Evidence.TAINT,
                        "the word at 0x%x was loaded twice, and the device wrote it in between: 0x%x, then 0x%x"
                                .formatted(load.address, other.value, load.value),
                        "cpu0",
                        load.site,
                        List.of(step(other)),
                        "Load the word once, into a variable, and use that.");
                found.bytes(Long.toHexString(other.value), Long.toHexString(load.value));
            }
        }
        unordered.add(load);
        if (unordered.size() > KEPT) {
            unordered.removeFirst();
        }
    }

    /// Whether two lines of the driver load the word. One that does again and again waits for it.
    private boolean isElsewhere(Load one, Load other) {
        return !world.sites.isOn() || !one.site.isSameLine(other.site);
    }

    private static Step step(Load load) {
        return new Step(
                load.timePicos,
                "0x%x was loaded from 0x%x, which the device may write".formatted(load.value, load.address),
                load.site);
    }

    /// The program accesses `address`.
    void used(long address, int byteCount) {
        if (pointers.isEmpty()) {
            return;
        }
        for (Load load : pointers) {
            if (address >= load.value && address - load.value < NEAR_BYTES) {
                world.findings.add(
                        Rule.R85,
                        Evidence.TAINT,
                        "the CPU used 0x%x, which it had loaded from memory that the device may write, as a pointer"
                                .formatted(load.value),
                        "cpu0",
                        world.sites.here(),
                        List.of(step(load)),
                        "Keep pointers in memory of the driver's own, and let the device have an index.");
                pointers.clear();
                return;
            }
        }
    }

    /// What the device wrote that has become a length of `byteCount`, of which only `allowed` are allowed; null if
    /// nothing was seen that fits.
    @Nullable
    Step length(long byteCount, long allowed) {
        for (Load load : lately.reversed()) {
            boolean fits = Math.abs(load.value - byteCount) <= NEAR_LENGTH && load.value > allowed / 2;
            if (fits && byteCount > 8) {
                return step(load);
            }
        }
        return null;
    }

    /// What the device wrote that has become the number `used`; null if nothing was seen that fits.
    @Nullable
    Step number(long used) {
        for (Load load : lately.reversed()) {
            boolean isSame = load.value == used
                    || (int) load.value == used
                    || (short) load.value == used
                    || (load.value & 0xffff) == used
                    || (Math.abs((int) load.value - used) <= NEAR_LENGTH && Math.abs(used) > NEAR_LENGTH);
            if (isSame) {
                return step(load);
            }
        }
        return null;
    }
}
