package flyby.driver;

import static flyby.floppy.layout.FloppyCommands.DATA_RESULT_BYTES;
import static flyby.floppy.layout.FloppyCommands.ENDED_NORMALLY;
import static flyby.floppy.layout.FloppyCommands.HEAD;
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
import static flyby.floppy.layout.FloppyCommands.ST0_SEEK_END;
import static flyby.floppy.layout.FloppyCommands.ST1_NOT_WRITABLE;
import static flyby.floppy.layout.FloppyCommands.ST1_OVERRUN;
import static flyby.floppy.layout.FloppyCommands.WRITE_DATA;
import static flyby.floppy.layout.FloppyRegisters.CCR;
import static flyby.floppy.layout.FloppyRegisters.DATA;
import static flyby.floppy.layout.FloppyRegisters.DOR;
import static flyby.floppy.layout.FloppyRegisters.DOR_DMA_GATE;
import static flyby.floppy.layout.FloppyRegisters.DOR_MOTOR_0;
import static flyby.floppy.layout.FloppyRegisters.DOR_NOT_RESET;
import static flyby.floppy.layout.FloppyRegisters.MAIN_STATUS;
import static flyby.floppy.layout.FloppyRegisters.STATUS_BUSY;
import static flyby.floppy.layout.FloppyRegisters.STATUS_DIO;
import static flyby.floppy.layout.FloppyRegisters.STATUS_RQM;
import static flyby.i8237.layout.I8237Registers.MODE_SERVICE;
import static flyby.i8237.layout.I8237Registers.MODE_TYPE;
import static flyby.i8237.layout.I8237Registers.SERVICE_SINGLE;
import static flyby.i8237.layout.I8237Registers.TYPE_READ;
import static flyby.i8237.layout.I8237Registers.TYPE_WRITE;

import flyby.base.Check;
import flyby.bus.Completion;
import flyby.bus.Cpu;
import flyby.dma.Direction;
import flyby.dma.Dma;
import flyby.kernel.Interrupts.Result;
import flyby.kernel.Kernel;

/// Reads and writes sectors of a diskette over a channel of a PC's DMA, as Linux's `floppy.c` does.
///
/// One command moves as many sectors of a cylinder as fit into the buffer; terminal count ends it. What the
/// controller then says in ST0 to ST2 decides.
public final class FloppyDriver {
    /// Where things are, and how they are wired.
    ///
    /// @param port the controller's first port
    /// @param buffer the CPU's address of a buffer of `bufferBytes` bytes that the channel can reach in one go
    public record Wiring(int port, int line, int channel, long buffer, int bufferBytes) {}

    /// What lies in the drive.
    ///
    /// @param sizeCode N: sectors of 128 bytes by 2 to the power of it
    /// @param gapLength GPL, the gap between sectors
    /// @param rate one of the `RATE_` values of [flyby.floppy.layout.FloppyRegisters]
    public record Geometry(int heads, int sectorsPerTrack, int sizeCode, int gapLength, int rate) {
        int sectorBytes() {
            return 128 << sizeCode;
        }

        int sectorsPerCylinder() {
            return heads * sectorsPerTrack;
        }
    }

    /// How a request went. All but the first are Linux's -EIO, with their reason.
    public enum Outcome {
        DONE,
        /// The DMA channel was too slow for the diskette.
        OVERRUN,
        WRITE_PROTECTED,
        /// The sector, the cylinder or the whole format was not found.
        NOT_FOUND,
        /// The buffer could not be mapped.
        NO_MEMORY
    }

    /// SPECIFY for a 3.5-inch drive: steps of 3 ms, unload after 240 ms, load in 16 ms.
    private static final long SPECIFIED_1 = SPECIFY_STEP_RATE.to(13) | SPECIFY_HEAD_UNLOAD.to(15);

    private static final long SPECIFIED_2 = SPECIFY_HEAD_LOAD.to(8);

    /// DTL counts only for sectors of 128 bytes.
    private static final int NO_DATA_LENGTH = 0xff;

    private static final String NAME = "floppy";

    private final Cpu cpu;
    private final Dma dma;
    private final Wiring at;
    private final Geometry geometry;
    private final IsaDmaChannel channel;
    private final Completion done = new Completion("the floppy controller's interrupt");
    private final int[] result = new int[DATA_RESULT_BYTES];
    private int cylinder;

    /// @param dma of the 8237A: 24 bits of an address
    public FloppyDriver(Kernel kernel, Dma dma, Wiring wiring, Geometry geometry) {
        this.cpu = kernel.cpu();
        this.dma = dma;
        this.at = wiring;
        this.geometry = geometry;
        this.channel = new IsaDmaChannel(cpu, wiring.channel());
        channel.checkReach(wiring.buffer(), wiring.bufferBytes());
        Check.that(wiring.bufferBytes() >= geometry.sectorBytes(), "a buffer of %d bytes", wiring.bufferBytes());
        kernel.interrupts().request(wiring.line(), NAME, this::onInterrupt);
    }

    /// Resets the controller, starts the motor and moves the heads to cylinder 0.
    public void start() {
        done.reset();
        cpu.outb(0, at.port() + DOR);
        cpu.outb((int) (DOR_NOT_RESET.mask() | DOR_DMA_GATE.mask() | DOR_MOTOR_0.mask()), at.port() + DOR);
        cpu.await(done);

        cpu.outb(geometry.rate(), at.port() + CCR);
        command(SPECIFY, (int) SPECIFIED_1, (int) SPECIFIED_2);
        done.reset();
        command(RECALIBRATE, 0);
        cpu.await(done);
        cylinder = 0;
    }

    /// Reads `sectorCount` sectors from sector `first` of the diskette (from 0) on, a buffer at a time.
    public Outcome read(int first, int sectorCount, BlockSink sink) {
        return eachPiece(first, sectorCount, (sector, byteCount) -> {
            Outcome outcome = move(READ_DATA, sector, byteCount);
            if (outcome == Outcome.DONE) {
                sink.received(at.buffer(), byteCount);
            }
            return outcome;
        });
    }

    /// Writes `sectorCount` sectors from sector `first` of the diskette (from 0) on, a buffer at a time.
    public Outcome write(int first, int sectorCount, BlockSource source) {
        return eachPiece(first, sectorCount, (sector, byteCount) -> {
            source.fill(at.buffer(), byteCount);
            return move(WRITE_DATA, sector, byteCount);
        });
    }

    /// Stops the motor.
    public void stop() {
        cpu.outb((int) (DOR_NOT_RESET.mask() | DOR_DMA_GATE.mask()), at.port() + DOR);
    }

    private interface Piece {
        Outcome move(int sector, int byteCount);
    }

    /// Splits a request at the ends of cylinders and of the buffer.
    private Outcome eachPiece(int first, int sectorCount, Piece piece) {
        int sector = first;
        int left = sectorCount;
        Outcome outcome = Outcome.DONE;
        while (left > 0 && outcome == Outcome.DONE) {
            int inCylinder = geometry.sectorsPerCylinder() - sector % geometry.sectorsPerCylinder();
            int count = Math.min(Math.min(left, inCylinder), at.bufferBytes() / geometry.sectorBytes());
            cpu.beginTransfer((long) count * geometry.sectorBytes());
            outcome = piece.move(sector, count * geometry.sectorBytes());
            cpu.endTransfer();
            sector += count;
            left -= count;
        }
        return outcome;
    }

    /// One READ DATA or WRITE DATA.
    private Outcome move(int code, int sector, int byteCount) {
        int wanted = sector / geometry.sectorsPerCylinder();
        int head = sector / geometry.sectorsPerTrack() % geometry.heads();
        if (!seek(wanted, head)) {
            return Outcome.NOT_FOUND;
        }
        Direction direction = code == READ_DATA ? Direction.FROM_DEVICE : Direction.TO_DEVICE;
        long address = dma.mapSingle(at.buffer(), byteCount, direction);
        if (dma.mappingError(address) != 0) {
            return Outcome.NO_MEMORY;
        }
        channel.disable();
        channel.clearFlipFlop();
        channel.setMode(MODE_SERVICE.to(SERVICE_SINGLE) | MODE_TYPE.to(code == READ_DATA ? TYPE_WRITE : TYPE_READ));
        channel.setAddress(address);
        channel.setCount(byteCount);
        channel.enable();

        done.reset();
        command(
                code | (int) (MFM.mask() | MULTI_TRACK.mask()),
                (int) HEAD.to(head),
                wanted,
                head,
                sector % geometry.sectorsPerTrack() + 1,
                geometry.sizeCode(),
                geometry.sectorsPerTrack(),
                geometry.gapLength(),
                NO_DATA_LENGTH);
        cpu.await(done);
        channel.disable();
        dma.unmapSingle(address, byteCount, direction);
        return outcome();
    }

    private boolean seek(int wanted, int head) {
        if (wanted == cylinder) {
            return true;
        }
        done.reset();
        command(SEEK, (int) HEAD.to(head), wanted);
        cpu.await(done);
        cylinder = result[1];
        return ST0_SEEK_END.isSet(result[0]) && cylinder == wanted;
    }

    private Outcome outcome() {
        if (ST0_INTERRUPT_CODE.of(result[0]) == ENDED_NORMALLY) {
            return Outcome.DONE;
        }
        if (ST1_OVERRUN.isSet(result[1])) {
            return Outcome.OVERRUN;
        }
        return ST1_NOT_WRITABLE.isSet(result[1]) ? Outcome.WRITE_PROTECTED : Outcome.NOT_FOUND;
    }

    /// A data command's interrupt is taken back by reading its result. Those of seeks and of a reset have none:
    /// SENSE INTERRUPT STATUS asks for it, until it has nothing more to tell and counts as invalid.
    private Result onInterrupt() {
        if (STATUS_BUSY.isSet(cpu.inb(at.port() + MAIN_STATUS))) {
            readResult(result);
        } else {
            int[] told = new int[DATA_RESULT_BYTES];
            command(SENSE_INTERRUPT_STATUS);
            while (readResult(told) > 1) {
                System.arraycopy(told, 0, result, 0, told.length);
                command(SENSE_INTERRUPT_STATUS);
            }
        }
        done.complete();
        return Result.HANDLED;
    }

    private void command(int... octets) {
        for (int octet : octets) {
            while (!STATUS_RQM.isSet(cpu.inb(at.port() + MAIN_STATUS))) {
                // It takes some microseconds for each byte.
            }
            cpu.outb(octet, at.port() + DATA);
        }
    }

    /// @return how many bytes there were
    private int readResult(int[] into) {
        int count = 0;
        while (STATUS_DIO.isSet(cpu.inb(at.port() + MAIN_STATUS))) {
            into[count++] = cpu.inb(at.port() + DATA);
        }
        return count;
    }
}
