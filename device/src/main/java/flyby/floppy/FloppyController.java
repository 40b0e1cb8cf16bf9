package flyby.floppy;

import static flyby.floppy.layout.FloppyCommands.CODE;
import static flyby.floppy.layout.FloppyCommands.DATA_COMMAND_BYTES;
import static flyby.floppy.layout.FloppyCommands.DATA_RESULT_BYTES;
import static flyby.floppy.layout.FloppyCommands.DRIVE;
import static flyby.floppy.layout.FloppyCommands.ENDED_ABNORMALLY;
import static flyby.floppy.layout.FloppyCommands.ENDED_BY_POLLING;
import static flyby.floppy.layout.FloppyCommands.HEAD;
import static flyby.floppy.layout.FloppyCommands.INVALID;
import static flyby.floppy.layout.FloppyCommands.MFM;
import static flyby.floppy.layout.FloppyCommands.MULTI_TRACK;
import static flyby.floppy.layout.FloppyCommands.READ_DATA;
import static flyby.floppy.layout.FloppyCommands.RECALIBRATE;
import static flyby.floppy.layout.FloppyCommands.SEEK;
import static flyby.floppy.layout.FloppyCommands.SENSE_INTERRUPT_STATUS;
import static flyby.floppy.layout.FloppyCommands.SPECIFY;
import static flyby.floppy.layout.FloppyCommands.SPECIFY_HEAD_LOAD;
import static flyby.floppy.layout.FloppyCommands.SPECIFY_HEAD_UNLOAD;
import static flyby.floppy.layout.FloppyCommands.SPECIFY_STEP_RATE;
import static flyby.floppy.layout.FloppyCommands.ST0_INTERRUPT_CODE;
import static flyby.floppy.layout.FloppyCommands.ST0_NOT_READY;
import static flyby.floppy.layout.FloppyCommands.WRITE_DATA;
import static flyby.floppy.layout.FloppyRegisters.CCR;
import static flyby.floppy.layout.FloppyRegisters.CCR_RATE;
import static flyby.floppy.layout.FloppyRegisters.DATA;
import static flyby.floppy.layout.FloppyRegisters.DOR;
import static flyby.floppy.layout.FloppyRegisters.DOR_DMA_GATE;
import static flyby.floppy.layout.FloppyRegisters.DOR_MOTOR_0;
import static flyby.floppy.layout.FloppyRegisters.DOR_NOT_RESET;
import static flyby.floppy.layout.FloppyRegisters.MAIN_STATUS;
import static flyby.floppy.layout.FloppyRegisters.RATE_250K;
import static flyby.floppy.layout.FloppyRegisters.STATUS_BUSY;
import static flyby.floppy.layout.FloppyRegisters.STATUS_DIO;
import static flyby.floppy.layout.FloppyRegisters.STATUS_RQM;
import static flyby.floppy.layout.FloppyRegisters.STATUS_SEEKING;

import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.bus.DmaChannel;
import flyby.bus.DmaPeripheral;
import flyby.bus.Transaction.Kind;
import flyby.sim.Time;
import java.util.Arrays;

/// A floppy-disk controller of the µPD765 family, a subset of Intel's 82077AA (data sheet 290166), with one drive.
///
/// Commands: SPECIFY, RECALIBRATE, SENSE INTERRUPT STATUS, SEEK, READ DATA, WRITE DATA; all others are invalid. No
/// FIFO: a byte that is not moved before the next passes is an overrun. What passes when follows from the track
/// format and the turning diskette.
///
/// Not modelled: transfers without DMA, deleted and defective sectors, formatting, the motor's spin-up, the
/// controller's own time for a command byte. A sector whose writing was cut short keeps its old bytes, where a real
/// one would have a wrong CRC.
public final class FloppyController implements Device, DmaPeripheral {
    private static final int DRIVES = 4;
    private static final long[] BITS_PER_SECOND = {500_000, 300_000, 250_000, 1_000_000};

    /// The rate for which SPECIFY's milliseconds are printed.
    private static final long SPECIFIED_RATE = 500_000;

    private enum Phase {
        COMMAND,
        EXECUTION,
        RESULT
    }

    private final DeviceHost host;
    private final DataTransfer transfer;
    private final Seek[] seeks = new Seek[DRIVES];
    private final byte[] command = new byte[DATA_COMMAND_BYTES];
    private final byte[] result = new byte[DATA_RESULT_BYTES];

    private Phase phase = Phase.COMMAND;
    private int commandBytes;
    private int resultBytes;
    private int resultNext;
    private long dor;
    private int rate = RATE_250K;
    private int specified1;
    private int specified2;

    private long headUnloadsPicos;

    /// INT is up for the result of a data command.
    private boolean isResultPending;
    /// For how many drives the polling after a reset has still something to say.
    private int polledDrives;

    /// @param revolutionPicos a turn of the diskette: 200 ms at 300 turns a minute
    public FloppyController(DeviceHost host, Diskette diskette, long revolutionPicos) {
        this.host = host;
        this.transfer = new DataTransfer(host, this::ended, diskette, revolutionPicos);
        Arrays.setAll(seeks, drive -> {
            int cylinders = drive == 0 ? diskette.format().cylinders() : 0;
            return new Seek(host, drive, cylinders, this::updateInterrupt);
        });
    }

    /// Wires the controller's DRQ. Once, at set-up.
    public void wire(DmaChannel wired) {
        transfer.wire(asserted -> wired.request(asserted && DOR_DMA_GATE.isSet(dor)));
    }

    @Override
    public long readRegister(int region, long offset, int byteCount) {
        return switch ((int) offset) {
            case DOR -> dor;
            case MAIN_STATUS -> mainStatus();
            case DATA -> readData();
            default -> ABSENT;
        };
    }

    @Override
    public void writeRegister(int region, long offset, int byteCount, long value) {
        int octet = (int) value & 0xff;
        switch ((int) offset) {
            case DOR -> writeDor(octet);
            case DATA -> writeData(octet);
            case CCR -> rate = (int) CCR_RATE.of(octet);
            default -> {
                // Nobody takes it, as on hardware.
            }
        }
    }

    @Override
    public void reset() {
        stop();
        dor = 0;
        rate = RATE_250K;
        specified1 = 0;
        specified2 = 0;
        updateInterrupt();
    }

    @Override
    public int ready(Kind kind) {
        return transfer.ready(kind);
    }

    @Override
    public void give(byte[] data, int byteCount) {
        transfer.give(data, byteCount);
    }

    @Override
    public void take(byte[] data, int byteCount) {
        transfer.take(data, byteCount);
    }

    @Override
    public void terminalCount() {
        transfer.terminalCount();
    }

    private void writeDor(int value) {
        boolean wasInReset = !DOR_NOT_RESET.isSet(dor);
        dor = value;
        if (!DOR_NOT_RESET.isSet(dor)) {
            stop();
        } else if (wasInReset) {
            polledDrives = DRIVES;
        }
        updateInterrupt();
    }

    private void stop() {
        transfer.abort();
        for (Seek seek : seeks) {
            seek.stop();
        }
        phase = Phase.COMMAND;
        commandBytes = 0;
        isResultPending = false;
        polledDrives = 0;
    }

    private long mainStatus() {
        if (!DOR_NOT_RESET.isSet(dor)) {
            return 0;
        }
        long status = 0;
        for (int drive = 0; drive < DRIVES; drive++) {
            status |= STATUS_SEEKING.to(seeks[drive].isUnderWay() ? 1 << drive : 0);
        }
        if (phase != Phase.COMMAND || commandBytes > 0) {
            status |= STATUS_BUSY.mask();
        }
        return switch (phase) {
            case COMMAND -> status | STATUS_RQM.mask();
            case EXECUTION -> status;
            case RESULT -> status | STATUS_RQM.mask() | STATUS_DIO.mask();
        };
    }

    private long readData() {
        if (phase != Phase.RESULT) {
            return ABSENT;
        }
        isResultPending = false;
        updateInterrupt();
        int octet = result[resultNext++];
        if (resultNext == resultBytes) {
            phase = Phase.COMMAND;
        }
        return octet;
    }

    private void writeData(int octet) {
        if (phase != Phase.COMMAND || !DOR_NOT_RESET.isSet(dor)) {
            return;
        }
        command[commandBytes++] = (byte) octet;
        int code = (int) CODE.of(command[0]);
        if (commandBytes == commandLength(code)) {
            commandBytes = 0;
            execute(code);
        }
    }

    private static int commandLength(int code) {
        return switch (code) {
            case READ_DATA, WRITE_DATA -> DATA_COMMAND_BYTES;
            case SPECIFY, SEEK -> 3;
            case RECALIBRATE -> 2;
            default -> 1;
        };
    }

    private void execute(int code) {
        switch (code) {
            case SPECIFY -> {
                specified1 = parameter(1);
                specified2 = parameter(2);
            }
            case RECALIBRATE -> seekOfDrive().recalibrate(stepPicos());
            case SEEK -> seekOfDrive().seek(parameter(2), stepPicos());
            case SENSE_INTERRUPT_STATUS -> senseInterrupt();
            case READ_DATA, WRITE_DATA -> moveData(code == WRITE_DATA);
            default -> answer(INVALID);
        }
    }

    private Seek seekOfDrive() {
        return seeks[(int) DRIVE.of(parameter(1))];
    }

    private void senseInterrupt() {
        Seek ended = Arrays.stream(seeks).filter(Seek::isPending).findFirst().orElse(null);
        if (ended != null) {
            answer(ended.sense(), ended.presentCylinder());
        } else if (polledDrives > 0) {
            int drive = DRIVES - polledDrives--;
            answer((int) ST0_INTERRUPT_CODE.to(ENDED_BY_POLLING) | drive, seeks[drive].presentCylinder());
        } else {
            answer(INVALID);
        }
        updateInterrupt();
    }

    private void moveData(boolean isWriting) {
        phase = Phase.EXECUTION;
        SectorId id = new SectorId(parameter(2), parameter(3), parameter(4), parameter(5));
        long now = host.nowPicos();
        if (DRIVE.of(parameter(1)) != 0) {
            int head = (int) HEAD.of(parameter(1));
            finish(ST0_INTERRUPT_CODE.to(ENDED_ABNORMALLY) | ST0_NOT_READY.mask(), 0, 0, head, id);
        } else if (DOR_MOTOR_0.isSet(dor)) {
            long loadedPicos = now <= headUnloadsPicos ? now : now + headLoadPicos();
            var order = new DataTransfer.Order(
                    isWriting,
                    MULTI_TRACK.isSet(command[0]),
                    MFM.isSet(command[0]),
                    (int) HEAD.of(parameter(1)),
                    id,
                    parameter(6),
                    BITS_PER_SECOND[rate]);
            transfer.begin(order, seeks[0].cylinder(), loadedPicos);
        }
        // Without a motor no index hole ever passes: the command waits until it is reset.
    }

    private void ended(int code, int st1, int st2) {
        headUnloadsPicos = host.nowPicos() + headUnloadPicos();
        finish(ST0_INTERRUPT_CODE.to(code), st1, st2, transfer.head(), transfer.id());
    }

    /// @param head the current one, which a multi-track command has changed
    private void finish(long st0, int st1, int st2, int head, SectorId id) {
        long unit = HEAD.to(head) | DRIVE.of(parameter(1));
        answer((int) (st0 | unit), st1, st2, id.cylinder(), id.head(), id.sector(), id.sizeCode());
        isResultPending = true;
        updateInterrupt();
    }

    private void answer(int... octets) {
        for (int i = 0; i < octets.length; i++) {
            result[i] = (byte) octets[i];
        }
        resultBytes = octets.length;
        resultNext = 0;
        phase = Phase.RESULT;
    }

    private int parameter(int index) {
        return command[index] & 0xff;
    }

    private long stepPicos() {
        return scaled((16 - SPECIFY_STEP_RATE.of(specified1)) * Time.MILLISECOND);
    }

    private long headLoadPicos() {
        long units = SPECIFY_HEAD_LOAD.of(specified2);
        return scaled((units == 0 ? 128 : units) * 2 * Time.MILLISECOND);
    }

    private long headUnloadPicos() {
        long units = SPECIFY_HEAD_UNLOAD.of(specified1);
        return scaled((units == 0 ? 16 : units) * 16 * Time.MILLISECOND);
    }

    /// A time of SPECIFY, which counts in clocks of the data rate (data sheet 290166, section 5.2.7).
    private long scaled(long picosAtSpecifiedRate) {
        return picosAtSpecifiedRate / 1_000 * (SPECIFIED_RATE * 1_000 / BITS_PER_SECOND[rate]);
    }

    private void updateInterrupt() {
        boolean isPending =
                isResultPending || polledDrives > 0 || Arrays.stream(seeks).anyMatch(Seek::isPending);
        host.interrupt(0, isPending && DOR_DMA_GATE.isSet(dor));
    }
}
