package flyby.experiment;

import flyby.driver.NicDriver.Buffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Through what a device reached memory: what its driver has mapped, from when to when, and how long it stayed open
/// after that.
final class Windows {
    static final long PAGE_BYTES = 4_096;
    private static final long NEVER = -1;

    /// One mapping of a buffer.
    static final class Window {
        private final Buffer buffer;
        private final long iovaPage;
        private final long physicalPage;
        private final boolean isReadable;
        private final long mappedPicos;
        private long unmapsBefore;
        private long unmapsUntilLast;
        private long unmappedPicos = NEVER;
        private long lastPicos = NEVER;

        Window(Buffer buffer, long physicalPage, boolean isReadable, long mappedPicos) {
            this.buffer = buffer;
            this.iovaPage = buffer.dmaAddress() & -PAGE_BYTES;
            this.physicalPage = physicalPage;
            this.isReadable = isReadable;
            this.mappedPicos = mappedPicos;
        }

        Buffer buffer() {
            return buffer;
        }

        long mappedPicos() {
            return mappedPicos;
        }

        /// The physical address that `iova` of its page means.
        long physical(long iova) {
            return physicalPage + iova - iovaPage;
        }

        boolean isOpenAt(long picos) {
            return unmappedPicos == NEVER || picos < unmappedPicos;
        }

        /// Whether its unmapping had returned at `picos`.
        boolean isClosedAt(long picos) {
            return unmappedPicos != NEVER && picos >= unmappedPicos;
        }

        /// Whether `physical` is a byte of the buffer.
        boolean isBuffer(long physical) {
            long start = physicalPage + (buffer.dmaAddress() & (PAGE_BYTES - 1));
            return physical >= start && physical < start + buffer.byteCount();
        }

        /// An access that was made at `picos`, after it was unmapped, has been let through.
        ///
        /// @param unmaps how many unmappings had returned by then
        void reached(long picos, long unmaps) {
            if (picos > lastPicos) {
                lastPicos = picos;
                unmapsUntilLast = unmaps;
            }
        }

        /// How many unmappings, its own among them, had returned when it was reached last.
        long openUnmaps() {
            return lastPicos == NEVER ? 0 : unmapsUntilLast - unmapsBefore;
        }

        boolean wasReachedAfterwards() {
            return lastPicos != NEVER;
        }

        /// How long after the return of the unmapping it was reached: 0 if never.
        long openPicos() {
            return lastPicos == NEVER ? 0 : lastPicos - unmappedPicos;
        }
    }

    private long unmaps;
    private final List<Window> all = new ArrayList<>();
    private final Map<Long, List<Window>> byIovaPage = new TreeMap<>();
    private final Map<Long, List<Window>> byPhysicalPage = new TreeMap<>();

    /// `buffer`, which lies in one page, is mapped to what begins at `physicalPage`.
    ///
    /// @param isReadable whether the tables let the device read there
    void mapped(Buffer buffer, long physicalPage, boolean isReadable, long picos) {
        Window window = new Window(buffer, physicalPage, isReadable, picos);
        all.add(window);
        byIovaPage.computeIfAbsent(window.iovaPage, _ -> new ArrayList<>()).add(window);
        byPhysicalPage.computeIfAbsent(physicalPage, _ -> new ArrayList<>()).add(window);
    }

    /// The unmapping of `buffer` has returned.
    @SuppressWarnings("ReferenceEquality") // That very buffer, not one that is like it.
    void unmapped(Buffer buffer, long picos) {
        for (int i = all.size() - 1; i >= 0; i--) {
            if (all.get(i).buffer == buffer) {
                all.get(i).unmappedPicos = picos;
                all.get(i).unmapsBefore = unmaps;
                unmaps++;
                return;
            }
        }
    }

    /// The window that an access to `iova` at `picos` goes through: one that is open, else the one that was unmapped
    /// last, else null.
    @Nullable
    Window at(long iova, long picos) {
        Window found = null;
        List<Window> windows = byIovaPage.getOrDefault(iova & -PAGE_BYTES, List.of());
        for (int i = windows.size() - 1; i >= 0; i--) {
            Window window = windows.get(i);
            if (window.isOpenAt(picos)) {
                return window;
            }
            found = found == null || window.unmappedPicos > found.unmappedPicos ? window : found;
        }
        return found;
    }

    /// Whether the IOVAs of `window` were mapped again between `from` and `to`.
    boolean isMappedAgain(Window window, long from, long to) {
        return byIovaPage.getOrDefault(window.iovaPage, List.of()).stream()
                .anyMatch(other -> other != window && other.mappedPicos >= from && other.mappedPicos <= to);
    }

    /// The windows to the page of `physical` that are open at `picos`.
    List<Window> openTo(long physical, long picos) {
        return byPhysicalPage.getOrDefault(physical & -PAGE_BYTES, List.of()).stream()
                .filter(window -> window.isOpenAt(picos))
                .toList();
    }

    /// How many unmappings have returned.
    long unmaps() {
        return unmaps;
    }

    /// Adds the bytes that the device may read now, by the tables, and that are not of buffers: by physical address.
    void addExposed(BitSet exposed, long picos) {
        for (Window window : all) {
            if (window.isReadable && window.isOpenAt(picos)) {
                List<Window> open = openTo(window.physicalPage, picos);
                for (long at = window.physicalPage; at < window.physicalPage + PAGE_BYTES; at++) {
                    long byteAt = at;
                    if (open.stream().noneMatch(each -> each.isBuffer(byteAt))) {
                        exposed.set(Math.toIntExact(at));
                    }
                }
            }
        }
    }

    List<Window> all() {
        return List.copyOf(all);
    }

    int count() {
        return all.size();
    }
}
