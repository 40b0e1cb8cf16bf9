package flyby.record;

import java.io.ByteArrayOutputStream;

/// A recording in memory.
public final class Tape implements RecordingSink {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public void write(byte[] from, int offset, int byteCount) {
        bytes.write(from, offset, byteCount);
    }

    public byte[] bytes() {
        return bytes.toByteArray();
    }
}
