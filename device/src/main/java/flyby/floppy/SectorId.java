package flyby.floppy;

/// What the ID field of a sector says: C, H, R and N.
///
/// @param sector from 1
/// @param sizeCode 128 bytes by 2 to the power of it
record SectorId(int cylinder, int head, int sector, int sizeCode) {
    static final SectorId NONE = new SectorId(0, 0, 0, 0);

    /// The sector that a command would go on with. Intel 82077AA data sheet 290166, table 5-6.
    SectorId next(int lastSector, boolean isMultiTrack) {
        if (sector != lastSector) {
            return new SectorId(cylinder, head, sector + 1, sizeCode);
        }
        int nextHead = isMultiTrack ? head ^ 1 : head;
        int nextCylinder = isMultiTrack && head == 0 ? cylinder : cylinder + 1;
        return new SectorId(nextCylinder, nextHead, 1, sizeCode);
    }
}
