package flyby.sound.layout;

import static flyby.register.BitField.bit;
import static flyby.register.BitField.bits;

import flyby.register.BitField;

/// Commands of the DSP. Creative, "Sound Blaster Series Hardware Programming Guide" (1994), chapter 6, section "DSP
/// Commands".
public final class DspCommands {
    /// Plays the byte that follows at once.
    public static final int DIRECT_OUTPUT = 0x10;

    /// Plays a block of bytes, once; its length less one follows, low byte first.
    public static final int OUTPUT_8_SINGLE = 0x14;

    /// Plays blocks of bytes of the length that [#BLOCK_SIZE] set, until told to exit.
    public static final int OUTPUT_8_AUTO = 0x1c;

    /// One byte follows: 256 less the microseconds between two bytes.
    public static final int TIME_CONSTANT = 0x40;

    /// Two bytes follow, high byte first: frames a second.
    public static final int OUTPUT_RATE = 0x41;

    /// The same for recording.
    public static final int INPUT_RATE = 0x42;

    /// Two bytes follow, low byte first: the length of a block, less one.
    public static final int BLOCK_SIZE = 0x48;

    /// Records a block of bytes, once; its length less one follows, low byte first.
    public static final int INPUT_8_SINGLE = 0x24;

    /// Plays a block of compressed samples of 2, 4 or 2.6 bits, with or without a reference byte in front. Its
    /// length less one follows.
    public static final int ADPCM_2 = 0x16;

    public static final int ADPCM_2_REFERENCE = 0x17;
    public static final int ADPCM_4 = 0x74;
    public static final int ADPCM_4_REFERENCE = 0x75;
    public static final int ADPCM_26 = 0x76;
    public static final int ADPCM_26_REFERENCE = 0x77;

    /// Silence; its length less one follows.
    public static final int SILENCE = 0x80;

    /// Sends the byte that follows over MIDI.
    public static final int MIDI_WRITE = 0x38;

    /// One byte follows each. The guide leaves these three out; drivers and diagnosis programs send them.
    public static final int IDENTIFY = 0xe0;

    public static final int DMA_IDENTIFY = 0xe2;
    public static final int WRITE_TEST = 0xe4;

    /// 0xb0 to 0xbf play or record words, 0xc0 to 0xcf bytes. [#SAMPLE_MODE] follows, then the length of a block in
    /// words or bytes, less one, low byte first.
    public static final int TRANSFER_16 = 0xb0;

    public static final int TRANSFER_8 = 0xc0;

    /// In the low half of [#TRANSFER_16] and [#TRANSFER_8]: use the FIFO.
    public static final BitField TRANSFER_FIFO = bit("FIFO", 1);

    /// Block after block, until told to exit.
    public static final BitField TRANSFER_AUTO = bit("AUTO", 2);

    /// Record instead of play.
    public static final BitField TRANSFER_INPUT = bit("INPUT", 3);

    public static final BitField SAMPLE_SIGNED = bit("SIGNED", 4);
    public static final BitField SAMPLE_STEREO = bit("STEREO", 5);

    /// [#SAMPLE_SIGNED] and [#SAMPLE_STEREO].
    public static final BitField SAMPLE_MODE = bits("MODE", 5, 4);

    public static final int PAUSE_8 = 0xd0;
    public static final int SPEAKER_ON = 0xd1;
    public static final int SPEAKER_OFF = 0xd3;
    public static final int CONTINUE_8 = 0xd4;
    public static final int PAUSE_16 = 0xd5;
    public static final int CONTINUE_16 = 0xd6;

    /// Answers 0xff if the speaker is on, else 0.
    public static final int SPEAKER_STATUS = 0xd8;

    /// Exits when the block that plays now is over.
    public static final int EXIT_AUTO_16 = 0xd9;

    public static final int EXIT_AUTO_8 = 0xda;

    /// Answers two bytes: major and minor version.
    public static final int VERSION = 0xe1;

    private DspCommands() {}
}
