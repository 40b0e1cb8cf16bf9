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

    /// Clears and then sets flags of `byteCount` bytes.
    void change(long address, long byteCount, int cleared, int set) {
        for (long done = 0; done < byteCount; ) {
            Page page = make(address + done);
            int in = (int) (address + done) & Page.MASK;
            int count = (int) Math.min(byteCount - done, Page.BYTES - in);
            Bits.change(page.flags, in, count, cleared, set);
            done += count;
        }
    }

    /// All flags that any of `byteCount` bytes has.
    byte any(long address, long byteCount) {
        byte flags = 0;
        for (long done = 0; done < byteCount; ) {
            Page page = find(address + done);
            int in = (int) (address + done) & Page.MASK;
            int count = (int) Math.min(byteCount - done, Page.BYTES - in);
            flags |= page == null ? 0 : Bits.any(page.flags, in, count);
            done += count;
        }
        return flags;
    }

    /// `byteCount` bytes are written, as record `number` says.
    ///
    /// @param cleared flags that none of them has any more, beside [Page#UNDEFINED] and [Page#UNSYNCED]
    void write(long address, byte[] bytes, int offset, int byteCount, long number, int cleared, int set) {
        for (int done = 0; done < byteCount; ) {
            Page page = make(address + done);
            int in = (int) (address + done) & Page.MASK;
            int count = Math.min(byteCount - done, Page.BYTES - in);
            System.arraycopy(bytes, offset + done, page.values, in, count);
            Arrays.fill(page.writers, in, in + count, number);
            Bits.change(page.flags, in, count, Page.UNDEFINED | Page.UNSYNCED | cleared, Page.KNOWN | set);
            done += count;
        }
    }

    private int slot(long key) {
        int mask = keys.length - 1;
        int slot = (int) ((key * 0x9e37_79b9_7f4a_7c15L) >>> 40) & mask;
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
