package flyby.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Standard output that remembers why it failed, which [PrintStream] does not tell.
final class StandardOutput extends OutputStream {
    private static final int BUFFER_BYTES = 1 << 16;

    private final OutputStream stream;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int used;
    private @Nullable IOException failure;

    StandardOutput(OutputStream stream) {
        this.stream = stream;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
        int from = offset;
        int left = count;
        while (left > 0) {
            if (used == buffer.length) {
                drain();
            }
            int taken = Math.min(left, buffer.length - used);
            System.arraycopy(bytes, from, buffer, used, taken);
            used += taken;
            from += taken;
            left -= taken;
        }
    }

    @Override
    public void flush() throws IOException {
        drain();
        stream.flush();
    }

    @Override
    public void close() {
        // Whoever opened the stream closes it: for standard output, nobody.
    }

    private void drain() throws IOException {
        int count = used;
        used = 0;
        if (failure != null) {
            return;
        }
        try {
            stream.write(buffer, 0, count);
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    /// The exit status of a command that ended with `status`: 2 if its output was lost, and nobody closed it on
    /// purpose, as `| head` does.
    int exitStatus(int status, PrintStream err) {
        IOException lost = failure;
        if (lost == null) {
            return status;
        }
        String reason = String.valueOf(lost.getMessage());
        if (reason.toLowerCase(Locale.ROOT).contains("broken pipe")) {
            return status;
        }
        err.println("flyby: standard output: " + reason);
        return 2;
    }
}
