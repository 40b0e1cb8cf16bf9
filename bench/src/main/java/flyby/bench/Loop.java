package flyby.bench;

import flyby.stream.Medium;

/// A medium that plays the same 64 KiB again and again.
final class Loop implements Medium {
    static final int PERIOD_BYTES = 1 << 16;

    private final byte[] bytes = bytes();
    private final long byteCount;
    private int position;

    Loop(long byteCount) {
        this.byteCount = byteCount;
    }

    /// What it plays.
    static byte[] bytes() {
        byte[] bytes = new byte[PERIOD_BYTES];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 31 + (i >> 8));
        }
        return bytes;
    }

    @Override
    public long byteCount() {
        return byteCount;
    }

    @Override
    public void play(byte[] into, int offset, int count) {
        for (int i = 0; i < count; i++) {
            into[offset + i] = bytes[position];
            position = (position + 1) % PERIOD_BYTES;
        }
    }

    @Override
    public void record(byte[] from, int offset, int count) {
        throw new UnsupportedOperationException("nothing is sent to it");
    }
}
