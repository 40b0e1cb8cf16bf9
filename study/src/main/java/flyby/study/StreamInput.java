package flyby.study;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// A resource of the program, or bytes of a test, as input.
record StreamInput(String name, long length, Input.StreamOpener opener) implements Input {
    static StreamInput of(String name, Input.StreamOpener opener) {
        try (InputStream stream = opener.open()) {
            return new StreamInput(name, stream.transferTo(OutputStream.nullOutputStream()), opener);
        } catch (IOException e) {
            throw FileProblem.of(name, e);
        }
    }

    @Override
    public ByteSource open() {
        try {
            return new Source(name, new BufferedInputStream(opener.open()));
        } catch (IOException e) {
            throw FileProblem.of(name, e);
        }
    }

    private record Source(String name, InputStream stream) implements ByteSource {
        @Override
        public int read(byte[] into, int offset, int count) {
            try {
                return stream.read(into, offset, count);
            } catch (IOException e) {
                throw FileProblem.of(name, e);
            }
        }

        @Override
        public void close() {
            try {
                stream.close();
            } catch (IOException e) {
                throw FileProblem.of(name, e);
            }
        }
    }
}
