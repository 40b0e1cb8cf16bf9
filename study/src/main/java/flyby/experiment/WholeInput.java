package flyby.experiment;

import flyby.base.LabException;
import flyby.study.ByteSource;
import flyby.study.Input;

/// An input that has to be in memory as a whole.
final class WholeInput {
    private WholeInput() {}

    /// Its bytes.
    ///
    /// @param byteCountMax how many there may be
    /// @param why what takes no more: `a diskette`
    static byte[] bytes(Input input, int byteCountMax, String why) {
        if (input.length() > byteCountMax) {
            throw new LabException(
                    LabException.Kind.BAD_FILE,
                    input.name(),
                    input.length() + " bytes",
                    "at most " + byteCountMax + ": " + why);
        }
        return first(input, (int) input.length());
    }

    /// Its first `byteCount` bytes, which exist.
    static byte[] first(Input input, int byteCount) {
        byte[] bytes = new byte[byteCount];
        try (ByteSource source = input.open()) {
            int done = 0;
            while (done < bytes.length) {
                int count = source.read(bytes, done, bytes.length - done);
                if (count < 1) {
                    throw new LabException(
                            LabException.Kind.BAD_FILE,
                            input.name(),
                            "only " + done + " bytes",
                            bytes.length + " of them");
                }
                done += count;
            }
        }
        return bytes;
    }
}
