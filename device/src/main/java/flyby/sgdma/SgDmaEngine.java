package flyby.sgdma;

import static flyby.sgdma.layout.SgRegisters.CAPABILITY;
import static flyby.sgdma.layout.SgRegisters.CAPABILITY_CHANNELS;
import static flyby.sgdma.layout.SgRegisters.CAPABILITY_PREFETCH;
import static flyby.sgdma.layout.SgRegisters.CAPABILITY_WINDOW;
import static flyby.sgdma.layout.SgRegisters.CHANNELS_BEGIN;
import static flyby.sgdma.layout.SgRegisters.CHANNEL_BYTES;
import static flyby.sgdma.layout.SgRegisters.ENGINE;
import static flyby.sgdma.layout.SgRegisters.ENGINE_RESET;
import static flyby.sgdma.layout.SgRegisters.LENGTH_MAX;
import static flyby.sgdma.layout.SgRegisters.UNIT;

import flyby.bus.Device;
import flyby.bus.DeviceHost;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A scatter-gather DMA engine. Its registers, descriptors and rules: `flyby.sgdma.layout`.
///
/// The engine has the buffers of the units and says whose turn it is; everything else is a channel's own. Channel `c`
/// drives interrupt vector `c`.
public final class SgDmaEngine implements Device {
    private static final int PRIORITIES = 4;

    private final SgProfile profile;
    private final SgChannel[] channels;
    private final Unit[] units;
    /// Units that are not under way, in the first `freeCount` places.
    private final Unit[] free;

    private int freeCount;
    /// By priority: who had the last unit.
    private final int[] last = new int[PRIORITIES];

    private boolean isArbitrating;

    /// An engine in its state after power-on.
    ///
    /// @param name how traces call it
    public SgDmaEngine(DeviceHost host, String name, SgProfile profile) {
        this.profile = profile;
        units = new Unit[profile.window()];
        Arrays.setAll(units, _ -> new Unit(this, profile.unitBytes()));
        free = units.clone();
        channels = new SgChannel[profile.channels()];
        Arrays.setAll(channels, i -> new SgChannel(host, name, i, profile, this::arbitrate));
        reset();
    }

    @Override
    public void reset() {
        freeCount = 0;
        for (Unit unit : units) {
            // What is under way cannot be called back; its answer will be dropped.
            unit.isStale = !unit.transaction.isFree();
            if (!unit.isStale) {
                free[freeCount++] = unit;
            }
        }
        Arrays.fill(last, channels.length - 1);
        for (SgChannel channel : channels) {
            channel.reset();
        }
    }

    @Override
    public long readRegister(int region, long offset, int byteCount) {
        if (region != 0 || offset < 0) {
            return ABSENT;
        }
        if (offset < CHANNELS_BEGIN) {
            return switch ((int) offset) {
                case CAPABILITY ->
                    CAPABILITY_CHANNELS.to(channels.length)
                            | CAPABILITY_WINDOW.to(profile.window())
                            | CAPABILITY_PREFETCH.to(profile.prefetch());
                case UNIT -> profile.unitBytes();
                case LENGTH_MAX -> profile.lengthBytesMax();
                case ENGINE -> 0;
                default -> ABSENT;
            };
        }
        SgChannel channel = channelAt(offset);
        return channel == null ? ABSENT : channel.readRegister((int) (offset % CHANNEL_BYTES));
    }

    @Override
    public void writeRegister(int region, long offset, int byteCount, long value) {
        if (region != 0 || offset < 0) {
            return;
        }
        if (offset == ENGINE && ENGINE_RESET.isSet(value)) {
            reset();
        } else if (offset >= CHANNELS_BEGIN) {
            SgChannel channel = channelAt(offset);
            if (channel != null) {
                channel.writeRegister((int) (offset % CHANNEL_BYTES), value);
            }
        }
    }

    private @Nullable SgChannel channelAt(long offset) {
        long index = (offset - CHANNELS_BEGIN) / CHANNEL_BYTES;
        return index < channels.length ? channels[(int) index] : null;
    }

    void free(Unit unit) {
        free[freeCount++] = unit;
    }

    /// Begins the units that there is room for, each time that of the channel whose turn it is.
    void arbitrate() {
        if (isArbitrating) {
            // A host completed a unit in the very call that submitted it: the loop below goes on with it.
            return;
        }
        isArbitrating = true;
        while (freeCount > 0) {
            SgChannel channel = turn();
            if (channel == null) {
                break;
            }
            Unit unit = free[--freeCount];
            channel.begin(unit);
        }
        isArbitrating = false;
    }

    private @Nullable SgChannel turn() {
        for (int priority = PRIORITIES - 1; priority >= 0; priority--) {
            for (int i = 1; i <= channels.length; i++) {
                int index = (last[priority] + i) % channels.length;
                if (channels[index].priority() == priority && channels[index].hasUnit()) {
                    last[priority] = index;
                    return channels[index];
                }
            }
        }
        return null;
    }
}
