package flyby.floppy;

import static flyby.floppy.layout.FloppyCommands.ENDED_ABNORMALLY;
import static flyby.floppy.layout.FloppyCommands.ENDED_NORMALLY;
import static flyby.floppy.layout.FloppyCommands.ST1_END_OF_CYLINDER;
import static flyby.floppy.layout.FloppyCommands.ST1_MISSING_ADDRESS_MARK;
import static flyby.floppy.layout.FloppyCommands.ST1_NOT_WRITABLE;
import static flyby.floppy.layout.FloppyCommands.ST1_NO_DATA;
import static flyby.floppy.layout.FloppyCommands.ST1_OVERRUN;
import static flyby.floppy.layout.FloppyCommands.ST2_WRONG_CYLINDER;

import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.bus.DmaChannel;
import flyby.bus.DmaPeripheral;
import flyby.bus.Transaction.Kind;
import flyby.sim.Alarm;
import flyby.trace.Trace;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The execution phase of READ DATA and WRITE DATA: finds sectors as they pass and moves their bytes at the
/// diskette's pace, one at a time, as the µPD765 has no FIFO.
///
/// Whoever does not take a byte before the next is there, or does not bring it before its place passes, loses the
/// race: an overrun, which ends the command (data sheet 290166, section 4.2: OR).
final class DataTransfer implements DmaPeripheral {
    /// Is told that the execution phase is over.
    interface Owner {
        /// The command ended so.
        ///
        /// @param code one of the `ENDED_` values
        void ended(int code, int st1, int st2);
    }

    /// What one command asks for.
    ///
    /// @param head HDS: under which head it begins
    /// @param first C, H, R and N of the sector to begin with
    /// @param lastSector EOT
    /// @param bitsPerSecond the rate at which the controller listens
    record Order(
            boolean isWriting,
            boolean isMultiTrack,
            boolean isMfm,
            int head,
            SectorId first,
            int lastSector,
            long bitsPerSecond) {}

    private final DeviceHost host;
    private final Owner owner;
    private final Diskette diskette;
    private final DisketteFormat format;
    private final Spindle spindle;
    private final Alarm idPasses;
    private final Alarm bytePasses;
    private final Alarm sectorMissed;
    private final int row;
    private final int sectorName;
    private final byte[] sector;
    private @Nullable DmaChannel channel;

    private boolean isWriting;
    private boolean isMultiTrack;
    private SectorId id = SectorId.NONE;
    private int lastSector;
    private int head;
    private int headCylinder;

    /// Which byte of the sector begins to pass (writing) or has passed (reading); behind the data comes the CRC.
    private int passed;
    private int lastPassed;
    private boolean isInSector;
    private boolean isRequesting;
    private boolean isLatched;
    private byte latch;
    private boolean isTerminated;
    private int st1Missed;
    private int st2Missed;

    DataTransfer(DeviceHost host, Owner owner, Diskette diskette, long revolutionPicos) {
        this.host = host;
        this.owner = owner;
        this.diskette = diskette;
        this.format = diskette.format();
        this.spindle = new Spindle(format, revolutionPicos);
        this.sector = new byte[format.sectorBytes()];
        this.idPasses = host.alarm("id", this::idPassed);
        this.bytePasses = host.alarm("byte", this::bytePassed);
        this.sectorMissed = host.alarm("missed", this::sectorIsMissing);
        this.row = host.trace().track("floppy", "sectors");
        this.sectorName = host.trace().name("sector");
    }

    void wire(DmaChannel wired) {
        channel = wired;
    }

    /// Begins.
    ///
    /// @param cylinder where the heads are
    /// @param fromPicos when the head is loaded
    void begin(Order order, int cylinder, long fromPicos) {
        isWriting = order.isWriting();
        isMultiTrack = order.isMultiTrack();
        id = order.first();
        lastSector = order.lastSector();
        head = order.head();
        headCylinder = cylinder;
        isTerminated = false;
        isLatched = false;
        if (isWriting && diskette.isWriteProtected()) {
            end(ENDED_ABNORMALLY, (int) ST1_NOT_WRITABLE.mask(), 0);
        } else if (!order.isMfm() || order.bitsPerSecond() != format.bitsPerSecond()) {
            // Double density, at its own rate, is all that there is on the diskette.
            missAt(fromPicos, (int) ST1_MISSING_ADDRESS_MARK.mask(), 0);
        } else {
            search(fromPicos);
        }
    }

    /// Forgets what is going on.
    void abort() {
        idPasses.cancel();
        bytePasses.cancel();
        sectorMissed.cancel();
        leaveSector();
        isLatched = false;
        request(false);
    }

    /// The head under which the command came to its end.
    int head() {
        return head;
    }

    /// The sector that the command came to: what its result phase says.
    SectorId id() {
        return id;
    }

    @Override
    public int ready(Kind kind) {
        return isRequesting && (kind == Kind.READ) == isWriting ? 1 : 0;
    }

    @Override
    public void give(byte[] data, int byteCount) {
        Arrays.fill(data, 0, byteCount, (byte) Device.ABSENT);
        if (ready(Kind.WRITE) > 0) {
            data[0] = latch;
            isLatched = false;
            request(false);
        }
    }

    @Override
    public void take(byte[] data, int byteCount) {
        if (ready(Kind.READ) > 0) {
            latch = data[0];
            isLatched = true;
            request(false);
        }
    }

    @Override
    public void terminalCount() {
        isTerminated = true;
        request(false);
    }

    /// HDS selects the side, and C, H, R and N are compared with each ID field there (data sheet 290166, section
    /// 5.1.1). Each says the side that it is on, so that H has to be HDS.
    private void search(long fromPicos) {
        boolean isThere = id.cylinder() == headCylinder
                && id.head() == head
                && head < format.heads()
                && id.sector() >= 1
                && id.sector() <= format.sectorsPerTrack()
                && id.sizeCode() == format.sizeCode();
        if (isThere) {
            idPasses.at(spindle.next(fromPicos, format.idEnd(id.sector())));
        } else {
            boolean isElsewhere = id.cylinder() != headCylinder;
            missAt(fromPicos, (int) ST1_NO_DATA.mask(), isElsewhere ? (int) ST2_WRONG_CYLINDER.mask() : 0);
        }
    }

    private void idPassed() {
        isInSector = true;
        passed = 0;
        Trace trace = host.trace();
        int index = format.index(id.cylinder(), id.head(), id.sector());
        if (trace.isOn()) {
            trace.begin(host.nowPicos(), row, sectorName, 0, index);
        }
        long toData = DisketteFormat.idToData() * format.bytePicos();
        if (isWriting) {
            // The first byte is asked for while the gap before the data passes.
            request(true);
            lastPassed = sector.length + DisketteFormat.CRC_BYTES;
            bytePasses.in(toData);
        } else {
            diskette.read(index, sector);
            lastPassed = sector.length + DisketteFormat.CRC_BYTES - 1;
            bytePasses.in(toData + format.bytePicos());
        }
    }

    private void bytePassed() {
        if (passed == lastPassed) {
            sectorPassed();
            return;
        }
        boolean isData = passed < sector.length;
        if (isWriting ? isData && !write() : !read(isData)) {
            end(ENDED_ABNORMALLY, (int) ST1_OVERRUN.mask(), 0);
            return;
        }
        passed++;
        bytePasses.in(format.bytePicos());
    }

    /// The byte before must have been taken by now.
    private boolean read(boolean isData) {
        if (isLatched && !isTerminated) {
            return false;
        }
        isLatched = isData && !isTerminated;
        if (isLatched) {
            latch = sector[passed];
            request(true);
        }
        return true;
    }

    /// The byte whose place passes must have been brought by now. Behind the terminal count come zeros.
    private boolean write() {
        if (!isLatched && !isTerminated) {
            return false;
        }
        sector[passed] = isLatched ? latch : 0;
        isLatched = false;
        request(!isTerminated && passed + 1 < sector.length);
        return true;
    }

    private void sectorPassed() {
        leaveSector();
        if (isWriting) {
            diskette.write(format.index(id.cylinder(), id.head(), id.sector()), sector);
        }
        boolean isLast = id.sector() == lastSector;
        boolean turnsOver = isLast && isMultiTrack && id.head() == 0;
        id = id.next(lastSector, isMultiTrack);
        if (isTerminated) {
            end(ENDED_NORMALLY, 0, 0);
        } else if (isLast && !turnsOver) {
            end(ENDED_ABNORMALLY, (int) ST1_END_OF_CYLINDER.mask(), 0);
        } else {
            head = turnsOver ? 1 : head;
            search(host.nowPicos());
        }
    }

    /// Two turns without the sector are enough (data sheet 290166, section 5.1.1).
    private void missAt(long fromPicos, int st1, int st2) {
        st1Missed = st1;
        st2Missed = st2;
        sectorMissed.at(spindle.secondIndex(fromPicos));
    }

    private void sectorIsMissing() {
        end(ENDED_ABNORMALLY, st1Missed, st2Missed);
    }

    private void leaveSector() {
        if (isInSector && host.trace().isOn()) {
            host.trace().end(host.nowPicos(), row);
        }
        isInSector = false;
    }

    private void end(int code, int st1, int st2) {
        abort();
        owner.ended(code, st1, st2);
    }

    private void request(boolean asserted) {
        isRequesting = asserted;
        if (channel != null) {
            channel.request(asserted);
        }
    }
}
