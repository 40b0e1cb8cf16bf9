package flyby.experiment;

import flyby.driver.NicDriver.Buffer;
import java.util.ArrayList;
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
        private final long mappedPicos;
        private long unmappedPicos = NEVER;
        private long lastPicos = NEVER;

        Window(Buffer buffer, long physicalPage, long mappedPicos) {
            this.buffer = buffer;
            this.iovaPage = buffer.dmaAddress() & -PAGE_BYTES;
            this.physicalPage = physicalPage;
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
        void reached(long picos) {
            lastPicos = Math.max(lastPicos, picos);
        }

        boolean wasReachedAfterwards() {
            return lastPicos != NEVER;
        }

        /// How long after the return of the unmapping it was reached: 0 if never.
        long openPicos() {
            return lastPicos == NEVER ? 0 : lastPicos - unmappedPicos;
        }
    }

    private final List<Window> all = new ArrayList<>();
    private final Map<Long, List<Window>> byIovaPage = new TreeMap<>();
    private final Map<Long, List<Window>> byPhysicalPage = new TreeMap<>();

    /// `buffer`, which lies in one page, is mapped to what begins at `physicalPage`.
    void mapped(Buffer buffer, long physicalPage, long picos) {
        Window window = new Window(buffer, physicalPage, picos);
        all.add(window);
        byIovaPage.computeIfAbsent(window.iovaPage, _ -> new ArrayList<>()).add(window);
        byPhysicalPage.computeIfAbsent(physicalPage, _ -> new ArrayList<>()).add(window);
    }

    /// The unmapping of `buffer` has returned.
    void unmapped(Buffer buffer, long picos) {
        for (int i = all.size() - 1; i >= 0; i--) {
            if (all.get(i).buffer == buffer) {
                all.get(i).unmappedPicos = picos;
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

    List<Window> all() {
        return List.copyOf(all);
    }

    int count() {
        return all.size();
    }
}
