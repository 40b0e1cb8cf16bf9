package flyby.check;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Pages by their number: open addressing, because every access of the CPU asks.
final class Pages {
    private long[] keys = emptyKeys(1024);
    private @Nullable Page[] pages = new @Nullable Page[1024];
    private int count;
    private long lastKey = -1;
    private @Nullable Page last;

    private static long[] emptyKeys(int count) {
        long[] keys = new long[count];
        Arrays.fill(keys, -1);
        return keys;
    }

    /// The page of `address`; null if nothing is known of it.
    @Nullable
    Page find(long address) {
        long key = address >>> Page.SHIFT;
        if (key == lastKey) {
            return last;
        }
        int slot = slot(key);
        if (keys[slot] != key) {
            return null;
        }
        lastKey = key;
        last = pages[slot];
        return last;
    }

    /// The page of `address`.
    Page make(long address) {
        Page found = find(address);
        if (found != null) {
            return found;
        }
        if (2 * count >= keys.length) {
            grow();
        }
        long key = address >>> Page.SHIFT;
        int slot = slot(key);
        Page made = new Page();
        keys[slot] = key;
        pages[slot] = made;
        count++;
        lastKey = key;
        last = made;
        return made;
    }

    private int slot(long key) {
        int mask = keys.length - 1;
        int slot = (int) (key * 0x9e37_79b9_7f4a_7c15L >>> 40) & mask;
        while (keys[slot] != key && keys[slot] != -1) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void grow() {
        long[] oldKeys = keys;
        @Nullable Page[] oldPages = pages;
        keys = emptyKeys(2 * oldKeys.length);
        pages = new @Nullable Page[2 * oldPages.length];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != -1) {
                int slot = slot(oldKeys[i]);
                keys[slot] = oldKeys[i];
                pages[slot] = oldPages[i];
            }
        }
    }
}
