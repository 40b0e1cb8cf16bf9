package flyby.sound;

import static flyby.sound.layout.DspCommands.ADPCM_2;
import static flyby.sound.layout.DspCommands.ADPCM_26;
import static flyby.sound.layout.DspCommands.ADPCM_26_REFERENCE;
import static flyby.sound.layout.DspCommands.ADPCM_2_REFERENCE;
import static flyby.sound.layout.DspCommands.ADPCM_4;
import static flyby.sound.layout.DspCommands.ADPCM_4_REFERENCE;
import static flyby.sound.layout.DspCommands.BLOCK_SIZE;
import static flyby.sound.layout.DspCommands.CONTINUE_16;
import static flyby.sound.layout.DspCommands.CONTINUE_8;
import static flyby.sound.layout.DspCommands.DIRECT_OUTPUT;
import static flyby.sound.layout.DspCommands.DMA_IDENTIFY;
import static flyby.sound.layout.DspCommands.EXIT_AUTO_16;
import static flyby.sound.layout.DspCommands.EXIT_AUTO_8;
import static flyby.sound.layout.DspCommands.IDENTIFY;
import static flyby.sound.layout.DspCommands.INPUT_8_SINGLE;
import static flyby.sound.layout.DspCommands.INPUT_RATE;
import static flyby.sound.layout.DspCommands.MIDI_WRITE;
import static flyby.sound.layout.DspCommands.OUTPUT_8_AUTO;
import static flyby.sound.layout.DspCommands.OUTPUT_8_SINGLE;
import static flyby.sound.layout.DspCommands.OUTPUT_RATE;
import static flyby.sound.layout.DspCommands.PAUSE_16;
import static flyby.sound.layout.DspCommands.PAUSE_8;
import static flyby.sound.layout.DspCommands.SAMPLE_STEREO;
import static flyby.sound.layout.DspCommands.SILENCE;
import static flyby.sound.layout.DspCommands.SPEAKER_OFF;
import static flyby.sound.layout.DspCommands.SPEAKER_ON;
import static flyby.sound.layout.DspCommands.SPEAKER_STATUS;
import static flyby.sound.layout.DspCommands.TIME_CONSTANT;
import static flyby.sound.layout.DspCommands.TRANSFER_16;
import static flyby.sound.layout.DspCommands.TRANSFER_8;
import static flyby.sound.layout.DspCommands.TRANSFER_AUTO;
import static flyby.sound.layout.DspCommands.TRANSFER_FIFO;
import static flyby.sound.layout.DspCommands.TRANSFER_INPUT;
import static flyby.sound.layout.DspCommands.VERSION;
import static flyby.sound.layout.DspCommands.WRITE_TEST;
import static flyby.sound.layout.SoundRegisters.ACKNOWLEDGE_16;
import static flyby.sound.layout.SoundRegisters.READY;
import static flyby.sound.layout.SoundRegisters.READ_AVAILABLE;
import static flyby.sound.layout.SoundRegisters.READ_DATA;
import static flyby.sound.layout.SoundRegisters.READ_STATUS;
import static flyby.sound.layout.SoundRegisters.RESET;
import static flyby.sound.layout.SoundRegisters.WRITE;

import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.bus.DmaChannel;
import flyby.bus.DmaPeripheral;
import flyby.sim.Alarm;
import flyby.sim.Time;
import flyby.sound.Playback.Order;

/// The playing half of a Sound Blaster 16, DSP version 4.05. Creative, "Sound Blaster Series Hardware Programming
/// Guide" (1994), chapter 6.
///
/// Bytes come over one DMA channel, words over another. At the end of each block it interrupts.
///
/// Not modelled: recording, compressed samples, blocks of silence, the mixer, MIDI, the joystick, the time that the
/// DSP takes for a command. The commands for the speaker change nothing but its status, as on a real Sound Blaster
/// 16.
public final class SoundBlaster implements Device {
    private static final int VERSION_MAJOR = 4;
    private static final int VERSION_MINOR = 5;

    /// How long the DSP takes to reset itself: "about 100 microseconds" (chapter 2, section "Resetting the DSP").
    private static final long RESET_PICOS = 100 * Time.MICROSECOND;

    private final DeviceHost host;
    private final Speaker speaker;
    private final Gaps gaps = new Gaps();
    private final Playback bytes;
    private final Playback words;
    private final Alarm resetEnds;

    // The DSP's side of the ports.
    private int command = -1;
    private final int[] parameters = new int[3];
    private int parameterCount;
    private final int[] answers = new int[2];
    private int answersLeft;
    private boolean isHeldInReset;
    private boolean isPending8;
    private boolean isPending16;

    // What commands have set.
    private SampleClock clock = SampleClock.hertz(11_025);
    private int blockBytes = 1;
    private boolean isSpeakerOn;

    /// @param fifoBytes the FIFO of each channel: 4 or more
    public SoundBlaster(DeviceHost host, Speaker speaker, int fifoBytes) {
        this.host = host;
        this.speaker = speaker;
        this.bytes = new Playback(host, "byte frame", 1, fifoBytes, speaker, gaps, this::bytesEnd);
        this.words = new Playback(host, "word frame", 2, fifoBytes, speaker, gaps, this::wordsEnd);
        this.resetEnds = host.alarm("reset", () -> answer(READY));
    }

    /// What the card does on its 8-bit DMA channel.
    public DmaPeripheral bytePeripheral() {
        return bytes;
    }

    /// What the card does on its 16-bit DMA channel.
    public DmaPeripheral wordPeripheral() {
        return words;
    }

    /// Wires the 8-bit channel. Once, at set-up.
    public void wireBytes(DmaChannel channel) {
        bytes.wire(channel);
    }

    /// Wires the 16-bit channel. Once, at set-up.
    public void wireWords(DmaChannel channel) {
        words.wire(channel);
    }

    /// How often the output starved.
    public Gaps gaps() {
        return gaps;
    }

    @Override
    public long readRegister(int region, long offset, int byteCount) {
        return switch ((int) offset) {
            case READ_DATA -> readAnswer();
            // The DSP takes a byte at once, and is never busy.
            case WRITE -> 0;
            case READ_STATUS -> {
                isPending8 = false;
                updateInterrupt();
                yield answersLeft > 0 ? READ_AVAILABLE.mask() : 0;
            }
            case ACKNOWLEDGE_16 -> {
                isPending16 = false;
                updateInterrupt();
                yield ABSENT;
            }
            default -> ABSENT;
        };
    }

    @Override
    public void writeRegister(int region, long offset, int byteCount, long value) {
        int octet = (int) value & 0xff;
        if (offset == RESET) {
            writeReset(octet);
        } else if (offset == WRITE) {
            writeDsp(octet);
        }
    }

    @Override
    public void reset() {
        resetEnds.cancel();
        isHeldInReset = false;
        bytes.stop();
        words.stop();
        command = -1;
        answersLeft = 0;
        isPending8 = false;
        isPending16 = false;
        isSpeakerOn = false;
        updateInterrupt();
    }

    private void writeReset(int octet) {
        boolean wasHeld = isHeldInReset;
        if ((octet & 1) != 0) {
            reset();
            isHeldInReset = true;
        } else if (wasHeld) {
            isHeldInReset = false;
            resetEnds.in(RESET_PICOS);
        }
    }

    private void writeDsp(int octet) {
        if (isHeldInReset) {
            return;
        }
        if (command < 0) {
            command = octet;
            parameterCount = 0;
        } else {
            parameters[parameterCount++] = octet;
        }
        if (parameterCount == parametersOf(command)) {
            int complete = command;
            command = -1;
            execute(complete);
        }
    }

    /// How many bytes follow: of the commands that are not modelled too, or these bytes would count as commands.
    private static int parametersOf(int command) {
        return switch (command) {
            case DIRECT_OUTPUT, TIME_CONSTANT, MIDI_WRITE, IDENTIFY, DMA_IDENTIFY, WRITE_TEST -> 1;
            case OUTPUT_8_SINGLE,
                    OUTPUT_RATE,
                    BLOCK_SIZE,
                    INPUT_8_SINGLE,
                    INPUT_RATE,
                    ADPCM_2,
                    ADPCM_2_REFERENCE,
                    ADPCM_4,
                    ADPCM_4_REFERENCE,
                    ADPCM_26,
                    ADPCM_26_REFERENCE,
                    SILENCE -> 2;
            default -> isTransfer(command) ? 3 : 0;
        };
    }

    private static boolean isTransfer(int command) {
        int group = command & 0xf0;
        return group == TRANSFER_8 || group == TRANSFER_16;
    }

    /// Commands that are not known or not modelled do nothing.
    private void execute(int complete) {
        switch (complete) {
            case DIRECT_OUTPUT -> speaker.plays(new byte[] {(byte) parameters[0]}, 1);
            case TIME_CONSTANT -> clock = SampleClock.timeConstant(parameters[0]);
            case OUTPUT_RATE -> clock = SampleClock.hertz((parameters[0] << 8) | parameters[1]);
            case BLOCK_SIZE -> blockBytes = length(0);
            case OUTPUT_8_SINGLE -> bytes.start(new Order(clock, 1, length(0), false, false));
            case OUTPUT_8_AUTO -> bytes.start(new Order(clock, 1, blockBytes, true, false));
            case PAUSE_8 -> bytes.pause();
            case CONTINUE_8 -> bytes.resume();
            case PAUSE_16 -> words.pause();
            case CONTINUE_16 -> words.resume();
            case EXIT_AUTO_8 -> bytes.exitAuto();
            case EXIT_AUTO_16 -> words.exitAuto();
            case SPEAKER_ON -> isSpeakerOn = true;
            case SPEAKER_OFF -> isSpeakerOn = false;
            case SPEAKER_STATUS -> answer(isSpeakerOn ? 0xff : 0);
            case VERSION -> answer(VERSION_MAJOR, VERSION_MINOR);
            default -> {
                if (isTransfer(complete) && !TRANSFER_INPUT.isSet(complete)) {
                    transfer(complete);
                }
            }
        }
    }

    /// The Sound Blaster 16's own commands: mode, then the length in samples.
    private void transfer(int complete) {
        boolean isWords = (complete & 0xf0) == TRANSFER_16;
        int sampleBytes = isWords ? 2 : 1;
        int frameBytes = SAMPLE_STEREO.isSet(parameters[0]) ? 2 * sampleBytes : sampleBytes;
        Order order = new Order(
                clock,
                frameBytes,
                length(1) * sampleBytes,
                TRANSFER_AUTO.isSet(complete),
                TRANSFER_FIFO.isSet(complete));
        (isWords ? words : bytes).start(order);
    }

    /// A length of which parameters from `first` on say one less.
    private int length(int first) {
        return (parameters[first] | (parameters[first + 1] << 8)) + 1;
    }

    private void answer(int... octets) {
        for (int i = 0; i < octets.length; i++) {
            answers[octets.length - 1 - i] = octets[i];
        }
        answersLeft = octets.length;
    }

    private long readAnswer() {
        return answersLeft > 0 ? answers[--answersLeft] : ABSENT;
    }

    private void bytesEnd() {
        isPending8 = true;
        updateInterrupt();
    }

    private void wordsEnd() {
        isPending16 = true;
        updateInterrupt();
    }

    private void updateInterrupt() {
        host.interrupt(0, isPending8 || isPending16);
    }
}
