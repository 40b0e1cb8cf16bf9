package flyby.root;

/// How software reaches configuration space.
public interface ConfigurationAccess {
    /// Reads `byteCount` bytes (1, 2 or 4) of a register of the function `id`: all ones if there is none.
    long read(int id, int register, int byteCount);

    /// Writes the low `byteCount` bytes (1, 2 or 4) of `value`, and waits until that is answered.
    void write(int id, int register, int byteCount, long value);
}
