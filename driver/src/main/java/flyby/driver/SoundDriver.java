package flyby.driver;

import static flyby.i8237.layout.I8237Registers.MODE_AUTOINITIALIZE;
import static flyby.i8237.layout.I8237Registers.MODE_SERVICE;
import static flyby.i8237.layout.I8237Registers.MODE_TYPE;
import static flyby.i8237.layout.I8237Registers.SERVICE_SINGLE;
import static flyby.i8237.layout.I8237Registers.TYPE_READ;
import static flyby.sound.layout.DspCommands.EXIT_AUTO_16;
import static flyby.sound.layout.DspCommands.EXIT_AUTO_8;
import static flyby.sound.layout.DspCommands.OUTPUT_RATE;
import static flyby.sound.layout.DspCommands.SAMPLE_SIGNED;
import static flyby.sound.layout.DspCommands.SAMPLE_STEREO;
import static flyby.sound.layout.DspCommands.SPEAKER_ON;
import static flyby.sound.layout.DspCommands.TRANSFER_16;
import static flyby.sound.layout.DspCommands.TRANSFER_8;
import static flyby.sound.layout.DspCommands.TRANSFER_AUTO;
import static flyby.sound.layout.DspCommands.TRANSFER_FIFO;
import static flyby.sound.layout.SoundRegisters.ACKNOWLEDGE_16;
import static flyby.sound.layout.SoundRegisters.READY;
import static flyby.sound.layout.SoundRegisters.READ_AVAILABLE;
import static flyby.sound.layout.SoundRegisters.READ_DATA;
import static flyby.sound.layout.SoundRegisters.READ_STATUS;
import static flyby.sound.layout.SoundRegisters.RESET;
import static flyby.sound.layout.SoundRegisters.WRITE;
import static flyby.sound.layout.SoundRegisters.WRITE_BUSY;

import flyby.base.Check;
import flyby.bus.Completion;
import flyby.bus.Cpu;
import flyby.dma.Direction;
import flyby.dma.Dma;
import flyby.kernel.Errno;
import flyby.kernel.Interrupts.Result;
import flyby.kernel.Kernel;
import flyby.sim.Time;

/// Plays samples on a Sound Blaster 16 over a PC's DMA: a buffer of two halves, of which one is filled while the
/// other plays. The shape of Linux's `sb16_main.c`.
public final class SoundDriver {
    /// How the card is told to go on from one half to the other.
    public enum Mode {
        /// The DSP goes on by itself. Nothing is heard of the switch, and nobody waits for a driver that is late:
        /// what is in the buffer is played.
        AUTO_INITIALIZE,
        /// The driver starts each half when it is filled. A late driver is a gap.
        SINGLE_CYCLE
    }

    /// Where things are, and how they are wired.
    ///
    /// @param port the card's first port
    /// @param channel for what is played: 1 (or 0, 3) for bytes, 5 to 7 for words
    /// @param buffer the CPU's address of a buffer of `bufferBytes` bytes that the channel can reach in one go
    /// @param bufferBytes a multiple of 8: two halves of whole frames
    public record Wiring(int port, int line, int channel, long buffer, int bufferBytes) {}

    /// What is played. Bytes are unsigned, words signed, as in WAV files.
    ///
    /// @param hertz frames a second
    public record Format(int hertz, boolean isStereo) {}

    /// Between writing 1 and 0 to RESET: "at least 3 microseconds" (Hardware Programming Guide, chapter 2).
    private static final long RESET_PICOS = 3 * Time.MICROSECOND;

    private static final String NAME = "sb16";

    private final Kernel kernel;
    private final Cpu cpu;
    private final Dma dma;
    private final Wiring at;
    private final Mode mode;
    private final boolean usesFifo;
    private final IsaDmaChannel channel;
    private final boolean movesWords;
    private final int halfBytes;
    private final Completion blockOver = new Completion("the sound card's interrupt at the end of a block");
    private long blocksOver;

    /// @param dma of the 8237A: 24 bits of an address
    public SoundDriver(Kernel kernel, Dma dma, Wiring wiring, Mode mode, boolean usesFifo) {
        this.kernel = kernel;
        this.cpu = kernel.cpu();
        this.dma = dma;
        this.at = wiring;
        this.mode = mode;
        this.usesFifo = usesFifo;
        this.channel = new IsaDmaChannel(cpu, wiring.channel());
        this.movesWords = channel.beatBytes() == 2;
        this.halfBytes = wiring.bufferBytes() / 2;
        channel.checkReach(wiring.buffer(), wiring.bufferBytes());
        Check.that(wiring.bufferBytes() % 8 == 0, "a buffer of %d bytes", wiring.bufferBytes());
        kernel.interrupts().request(wiring.line(), NAME, this::onInterrupt);
    }

    /// Resets the DSP.
    ///
    /// @return whether it answered
    public boolean start() {
        cpu.outb(1, at.port() + RESET);
        cpu.delay(RESET_PICOS);
        cpu.outb(0, at.port() + RESET);
        while (!READ_AVAILABLE.isSet(cpu.inb(at.port() + READ_STATUS))) {
            // It takes some 100 microseconds.
        }
        boolean isReady = cpu.inb(at.port() + READ_DATA) == READY;
        dsp(SPEAKER_ON);
        return isReady;
    }

    /// Plays `byteCount` bytes of `source`, whole frames.
    ///
    /// @return how many blocks the driver filled too late, so that the card played what was there before; -ENOMEM
    /// if the buffer cannot be mapped
    public int play(Format format, long byteCount, BlockSource source) {
        // Mapped as long as it plays: each half is synced when it is filled.
        long address = dma.mapSingle(at.buffer(), at.bufferBytes(), Direction.TO_DEVICE);
        if (dma.mappingError(address) != 0) {
            return -Errno.ENOMEM;
        }
        Blocks blocks = new Blocks(byteCount, address);
        blocksOver = 0;
        blocks.fill(0, source);
        blocks.fill(1, source);
        channel.disable();
        channel.clearFlipFlop();
        channel.setMode(MODE_SERVICE.to(SERVICE_SINGLE) | MODE_AUTOINITIALIZE.mask() | MODE_TYPE.to(TYPE_READ));
        channel.setAddress(address);
        channel.setCount(at.bufferBytes());
        channel.enable();
        dsp(OUTPUT_RATE, format.hertz() >> 8, format.hertz() & 0xff);

        int late = mode == Mode.AUTO_INITIALIZE ? playOn(format, blocks, source) : playEach(format, blocks, source);
        channel.disable();
        dma.unmapSingle(address, at.bufferBytes(), Direction.TO_DEVICE);
        return late;
    }

    /// While block i + 1 plays, block i + 2 is put where block i was.
    private int playOn(Format format, Blocks blocks, BlockSource source) {
        int late = 0;
        if (blocks.wholeCount() > 0) {
            order(format, halfBytes, true);
        }
        endAfter(0, format, blocks);
        for (int i = 0; i < blocks.count(); i++) {
            awaitEnd(i);
            endAfter(i + 1, format, blocks);
            blocks.fill(i + 2, source);
            late += i + 2 < blocks.count() && blocksOver > i + 1 ? 1 : 0;
        }
        return late;
    }

    private int playEach(Format format, Blocks blocks, BlockSource source) {
        for (int i = 0; i < blocks.count(); i++) {
            order(format, blocks.bytes(i), false);
            if (i > 0) {
                blocks.fill(i + 1, source);
            }
            awaitEnd(i);
        }
        return 0;
    }

    /// Block `playing` begins. If no whole block follows it, the DSP leaves auto-initialize mode behind it, for the
    /// rest, which is shorter, or for good.
    private void endAfter(int playing, Format format, Blocks blocks) {
        if (playing != Math.max(blocks.wholeCount() - 1, 0)) {
            return;
        }
        int rest = blocks.bytes(blocks.wholeCount());
        if (rest > 0) {
            order(format, rest, false);
        } else if (blocks.count() > 0) {
            dsp(movesWords ? EXIT_AUTO_16 : EXIT_AUTO_8);
        }
    }

    private void awaitEnd(int block) {
        while (blocksOver <= block) {
            cpu.await(blockOver);
            blockOver.reset();
        }
    }

    /// Gives the interrupt back.
    public void remove() {
        kernel.interrupts().free(at.line(), NAME);
    }

    private Result onInterrupt() {
        cpu.inb(at.port() + (movesWords ? ACKNOWLEDGE_16 : READ_STATUS));
        blocksOver++;
        blockOver.complete();
        return Result.HANDLED;
    }

    private void order(Format format, int byteCount, boolean isAuto) {
        int command = (movesWords ? TRANSFER_16 : TRANSFER_8)
                | (int) (TRANSFER_AUTO.to(isAuto ? 1 : 0) | TRANSFER_FIFO.to(usesFifo ? 1 : 0));
        int samples = (int) (SAMPLE_SIGNED.to(movesWords ? 1 : 0) | SAMPLE_STEREO.to(format.isStereo() ? 1 : 0));
        int last = byteCount / channel.beatBytes() - 1;
        dsp(command, samples, last & 0xff, last >> 8);
    }

    private void dsp(int... octets) {
        for (int octet : octets) {
            while (WRITE_BUSY.isSet(cpu.inb(at.port() + WRITE))) {
                // The DSP is not yet done with the byte before.
            }
            cpu.outb(octet, at.port() + WRITE);
        }
    }

    /// What is played, cut into halves of the buffer and a rest.
    private final class Blocks {
        private final int wholeCount;
        private final int restBytes;
        private final long mapped;

        Blocks(long byteCount, long mapped) {
            this.mapped = mapped;
            wholeCount = Math.toIntExact(byteCount / halfBytes);
            restBytes = (int) (byteCount % halfBytes);
        }

        int wholeCount() {
            return wholeCount;
        }

        int count() {
            return wholeCount + (restBytes > 0 ? 1 : 0);
        }

        /// How long block `index` is; 0 if there is none.
        int bytes(int index) {
            return index < wholeCount ? halfBytes : index == wholeCount ? restBytes : 0;
        }

        void fill(int index, BlockSource source) {
            if (bytes(index) > 0) {
                cpu.beginTransfer(bytes(index));
                long offset = (long) (index % 2) * halfBytes;
                source.fill(at.buffer() + offset, bytes(index));
                dma.syncSingleRangeForDevice(mapped, offset, bytes(index), Direction.TO_DEVICE);
                cpu.endTransfer();
            }
        }
    }
}
