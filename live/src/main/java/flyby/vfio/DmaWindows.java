package flyby.vfio;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// All that the device may reach. Where windows overlap, as they do for a moment while a client rearranges its
/// memory, the newest one counts.
final class DmaWindows {
    /// What [#add] was told last comes last.
    private final List<Window> overlapping = new ArrayList<>();

    /// By address; each of these overlaps with no other of these.
    private final TreeMap<Long, Window> apart = new TreeMap<>();

    private @Nullable Window last;

    int count() {
        return apart.size() + overlapping.size();
    }

    void add(Window window) {
        last = null;
        if (overlaps(window)) {
            overlapping.add(window);
        } else {
            apart.put(window.address(), window);
        }
    }

    private boolean overlaps(Window window) {
        Map.Entry<Long, Window> below = apart.lowerEntry(window.end());
        return below != null && below.getValue().end() > window.address();
    }

    /// The window that has `address`, or null.
    @Nullable
    Window find(long address) {
        Window recent = last;
        if (recent != null && recent.contains(address)) {
            return recent;
        }
        for (int i = overlapping.size() - 1; i >= 0; i--) {
            if (overlapping.get(i).contains(address)) {
                return overlapping.get(i);
            }
        }
        Map.Entry<Long, Window> entry = apart.floorEntry(address);
        if (entry == null || !entry.getValue().contains(address)) {
            return null;
        }
        if (overlapping.isEmpty()) {
            last = entry.getValue();
        }
        return entry.getValue();
    }

    /// Takes away the window of exactly this place, of several the oldest; or if there is none, all that lie
    /// within.
    ///
    /// @return those taken away
    List<Window> remove(long address, long byteCount) {
        last = null;
        List<Window> removed = new ArrayList<>();
        Window exact = apart.get(address);
        if (exact != null && exact.byteCount() == byteCount) {
            apart.remove(address);
            removed.add(exact);
        } else {
            Window old = overlapping.stream()
                    .filter(each -> each.address() == address && each.byteCount() == byteCount)
                    .findFirst()
                    .orElse(null);
            if (old != null) {
                overlapping.remove(old);
                removed.add(old);
            } else {
                removeWithin(address, address + byteCount, removed);
            }
        }
        settle();
        return removed;
    }

    private void removeWithin(long begin, long end, List<Window> removed) {
        for (Window window : List.copyOf(apart.subMap(begin, end).values())) {
            if (window.end() <= end) {
                apart.remove(window.address());
                removed.add(window);
            }
        }
        for (Window window : List.copyOf(overlapping)) {
            if (window.address() >= begin && window.end() <= end) {
                overlapping.remove(window);
                removed.add(window);
            }
        }
    }

    /// What overlaps with nothing any more stands among those that do not.
    private void settle() {
        while (!overlapping.isEmpty() && !overlaps(overlapping.getFirst())) {
            Window window = overlapping.removeFirst();
            apart.put(window.address(), window);
        }
    }

    /// Takes all away.
    List<Window> removeAll() {
        last = null;
        List<Window> removed = new ArrayList<>(apart.values());
        removed.addAll(overlapping);
        apart.clear();
        overlapping.clear();
        return removed;
    }
}
