package flyby.experiment;

import flyby.floppy.Diskette;
import flyby.floppy.DisketteFormat;

/// A diskette in memory, sector after sector.
final class DisketteImage implements Diskette {
    private final DisketteFormat format;
    private final byte[] image;

    /// A diskette full of zeros.
    DisketteImage(DisketteFormat format) {
        this.format = format;
        this.image = new byte[format.byteCount()];
    }

    /// The bytes themselves.
    byte[] image() {
        return image;
    }

    @Override
    public DisketteFormat format() {
        return format;
    }

    @Override
    public boolean isWriteProtected() {
        return false;
    }

    @Override
    public void read(int index, byte[] into) {
        System.arraycopy(image, index * format.sectorBytes(), into, 0, format.sectorBytes());
    }

    @Override
    public void write(int index, byte[] from) {
        System.arraycopy(from, 0, image, index * format.sectorBytes(), format.sectorBytes());
    }
}
