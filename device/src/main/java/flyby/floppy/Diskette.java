package flyby.floppy;

/// What lies in the drive: sectors of bytes. Knows no time.
public interface Diskette {
    DisketteFormat format();

    boolean isWriteProtected();

    /// Puts the bytes of sector `index`, counted from 0 over the whole diskette, into `into`.
    void read(int index, byte[] into);

    /// Makes `from` the bytes of sector `index`.
    void write(int index, byte[] from);
}
