package flyby.floppy;

/// A diskette of which each sector holds bytes that tell it from the others.
final class TellingDiskette implements Diskette {
    private final DisketteFormat format;
    private final byte[][] sectors;
    private boolean isProtected;

    TellingDiskette(DisketteFormat format) {
        this.format = format;
        this.sectors = new byte[format.byteCount() / format.sectorBytes()][format.sectorBytes()];
        for (int i = 0; i < sectors.length; i++) {
            for (int k = 0; k < format.sectorBytes(); k++) {
                sectors[i][k] = (byte) (31 * i + 7 * k);
            }
        }
    }

    void protect() {
        isProtected = true;
    }

    byte[] sector(int index) {
        return sectors[index];
    }

    @Override
    public DisketteFormat format() {
        return format;
    }

    @Override
    public boolean isWriteProtected() {
        return isProtected;
    }

    @Override
    public void read(int index, byte[] into) {
        System.arraycopy(sectors[index], 0, into, 0, into.length);
    }

    @Override
    public void write(int index, byte[] from) {
        System.arraycopy(from, 0, sectors[index], 0, from.length);
    }
}
