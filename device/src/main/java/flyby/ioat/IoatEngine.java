package flyby.ioat;

import static flyby.ioat.layout.IoatChannelRegisters.CHANNEL_BYTES;
import static flyby.ioat.layout.IoatRegisters.ATTENTION_STATUS;
import static flyby.ioat.layout.IoatRegisters.CAPABILITY;
import static flyby.ioat.layout.IoatRegisters.CHANNEL_COUNT;
import static flyby.ioat.layout.IoatRegisters.DCA_OFFSET;
import static flyby.ioat.layout.IoatRegisters.DELAY_TIME;
import static flyby.ioat.layout.IoatRegisters.INTERRUPT_DELAY;
import static flyby.ioat.layout.IoatRegisters.PRIORITY;
import static flyby.ioat.layout.IoatRegisters.VERSION;
import static flyby.ioat.layout.IoatRegisters.VERSION_VALUE;

import flyby.base.LittleEndian;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Intel's I/OAT DMA engine, version 3.2, with copies and null descriptors. Its registers, descriptors and where they
/// are from: `flyby.ioat.layout`.
///
/// Channels work side by side. Each does its descriptors one after the other: all bytes of one are in memory before its
/// completion is written, that before its interrupt, and all this before the next one begins.
public final class IoatEngine implements Device {
    private static final long UNSIGNED_32 = 0xffff_ffffL;
    private static final int CAPACITY_SHIFT = 8;
    private static final int GENERAL_SHIFT = 16;
    private static final int INTERRUPT_SHIFT = 24;
    private static final int DELAY_REGISTER = INTERRUPT_DELAY & -4;

    private final IoatProfile profile;
    private final IoatInterrupts interrupts;
    private final IoatChannel[] channels;
    private long generalControl;
    private long interruptDelay;

    /// An engine in its state after power-on.
    ///
    /// @param name how traces call it
    public IoatEngine(DeviceHost host, String name, IoatProfile profile) {
        this.profile = profile;
        interrupts = new IoatInterrupts(host, profile.channels());
        channels = new IoatChannel[profile.channels()];
        Arrays.setAll(channels, i -> new IoatChannel(host, name + " channel " + i, i, profile, interrupts));
        reset();
    }

    @Override
    public void reset() {
        generalControl = 0;
        interruptDelay = 0;
        interrupts.reset();
        for (IoatChannel channel : channels) {
            channel.reset();
        }
    }

    @Override
    public long readRegister(int region, long offset, int byteCount) {
        if (region != 0 || offset < 0 || offset % byteCount != 0) {
            return ABSENT;
        }
        long register = offset & -4;
        if (byteCount == 8) {
            return (read(register, UNSIGNED_32) & UNSIGNED_32) | (read(register + 4, UNSIGNED_32) << 32);
        }
        int shift = 8 * (int) (offset & 3);
        return read(register, LittleEndian.ones(byteCount) << shift) >> shift;
    }

    /// Software reads those bits that `mask` has.
    private long read(long register, long mask) {
        IoatChannel channel = channelAt(register);
        if (channel != null) {
            return channel.read((int) (register % CHANNEL_BYTES), mask);
        }
        if (register > PRIORITY) {
            return ABSENT;
        }
        return switch ((int) register) {
            case CHANNEL_COUNT ->
                channels.length
                        | ((long) profile.capacityLog2() << CAPACITY_SHIFT)
                        | (generalControl << GENERAL_SHIFT)
                        | (interrupts.control() << INTERRUPT_SHIFT);
            case ATTENTION_STATUS -> interrupts.takeAttention();
            case VERSION -> VERSION_VALUE;
            case DELAY_REGISTER -> interruptDelay;
            case CAPABILITY, DCA_OFFSET, PRIORITY -> 0;
            default -> ABSENT;
        };
    }

    @Override
    public void writeRegister(int region, long offset, int byteCount, long value) {
        if (region != 0 || offset < 0 || offset % byteCount != 0) {
            return;
        }
        long register = offset & -4;
        if (byteCount == 8) {
            write(register, value & UNSIGNED_32, UNSIGNED_32);
            write(register + 4, value >>> 32, UNSIGNED_32);
        } else {
            int shift = 8 * (int) (offset & 3);
            long mask = LittleEndian.ones(byteCount) << shift;
            write(register, (value << shift) & mask, mask);
        }
    }

    /// Software writes those `bits` that `mask` has.
    private void write(long register, long bits, long mask) {
        IoatChannel channel = channelAt(register);
        if (channel != null) {
            channel.write((int) (register % CHANNEL_BYTES), bits, mask);
        } else if (register == CHANNEL_COUNT) {
            if (((mask >> GENERAL_SHIFT) & 0xff) != 0) {
                generalControl = (bits >> GENERAL_SHIFT) & 1;
            }
            if (mask >> INTERRUPT_SHIFT != 0) {
                interrupts.setControl(bits >> INTERRUPT_SHIFT);
            }
        } else if (register == DELAY_REGISTER) {
            interruptDelay = ((interruptDelay & ~mask) | bits) & DELAY_TIME.mask();
        }
    }

    private @Nullable IoatChannel channelAt(long register) {
        long index = register / CHANNEL_BYTES - 1;
        return index >= 0 && index < channels.length ? channels[(int) index] : null;
    }
}
