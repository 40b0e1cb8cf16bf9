package flyby.isa;

import static flyby.isa.layout.IsaDmaPorts.PAGES;

import flyby.base.Check;
import flyby.bus.BusMaster;
import flyby.bus.Device;
import flyby.bus.DmaChannel;
import flyby.bus.DmaPeripheral;
import flyby.bus.MasterHost;
import flyby.isa.layout.IsaDmaPorts;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The DMA of a PC: one 8237A (PC and XT) or two cascaded ones (AT), and the page registers.
///
/// ```
///                    AT only
///   HOLD <--- HRQ [ second ] DREQ4 <--- HRQ [ first ] DREQ0 to DREQ3
///   HLDA ---> HLDA[        ] DACK4 ---> HLDA[       ] DACK0 to DACK3
///                  5, 6, 7: words                     bytes
/// ```
/// The page registers give A16 and up. They do not count: a transfer that runs over the end of its page goes on at
/// the page's begin.
///
/// Register regions: 0 is ports 0x00 to 0x0f, 1 ports 0x80 to 0x8f, 2 ports 0xc0 to 0xdf.
public final class IsaDma implements Device, BusMaster {
    public static final int PORTS_FIRST = 0;
    public static final int PORTS_PAGES = 1;
    public static final int PORTS_SECOND = 2;

    /// The channel behind which the first controller is: channel 0 of the second.
    private static final int CASCADE = 4;

    /// The channel that refreshes the memory of an XT.
    private static final int REFRESH = 0;

    private static final int PORT_COUNT = 16;

    /// What differs between PCs.
    ///
    /// @param isAt two controllers, cascaded; else one
    /// @param clockPicos the period of the controllers' CLK
    /// @param waitStates SW of each transfer, but for those of channel 0 of an XT, which refresh memory
    /// @param hiddenOnly whether HRQ passes a gate that opens only in bus time that the CPU leaves unused
    /// @param isIntegrated whether the arbiter sees the HRQ of either controller itself, as in chip sets, and not
    /// the first one's through the second
    public record Parameters(boolean isAt, long clockPicos, int waitStates, boolean hiddenOnly, boolean isIntegrated) {}

    private final MasterHost host;
    private final Parameters parameters;
    private final Chip first;
    private final @Nullable Chip second;
    private final DmaClock clock;
    private final int[] pages = new int[PORT_COUNT];
    /// Which controller HLDA is meant for, where the arbiter chooses; or null.
    private @Nullable Chip granted;
    private boolean holding;

    public IsaDma(MasterHost host, Parameters parameters) {
        this.host = host;
        this.parameters = parameters;
        first = new Chip("dma1", 0, 1);
        if (parameters.isAt) {
            Chip at = new Chip("dma2", CASCADE, 2);
            second = at;
            clock = new DmaClock(host, parameters.clockPicos, first, at);
        } else {
            second = null;
            clock = new DmaClock(host, parameters.clockPicos, first);
        }
        if (!parameters.isAt) {
            first.noWaitStates(REFRESH);
        }
    }

    /// Wires `peripheral` to channel `number`: 0 to 3 move bytes, 5 to 7 words.
    ///
    /// @return its DREQ
    public DmaChannel wire(int number, DmaPeripheral peripheral) {
        Check.that(number != CASCADE && number >= 0 && number < (second == null ? 4 : 8), "no DMA channel %d", number);
        Chip chip = number < CASCADE ? first : Objects.requireNonNull(second);
        int channel = number & 3;
        chip.wire(channel, peripheral);
        return asserted -> {
            chip.dreq(channel, asserted);
            clock.wake();
        };
    }

    @Override
    public long readRegister(int region, long offset, int byteCount) {
        long value = 0;
        for (int i = 0; i < byteCount; i++) {
            value |= (long) read(region, (int) offset + i) << (8 * i);
        }
        clock.wake();
        return value;
    }

    @Override
    public void writeRegister(int region, long offset, int byteCount, long value) {
        for (int i = 0; i < byteCount; i++) {
            write(region, (int) offset + i, (int) (value >>> (8 * i)) & 0xff);
        }
        clock.wake();
    }

    private int read(int region, int offset) {
        return switch (region) {
            case PORTS_FIRST -> first.chip().read(offset);
            case PORTS_PAGES -> pages[offset];
            default -> second == null ? 0xff : second.chip().read(offset / 2);
        };
    }

    private void write(int region, int offset, int value) {
        switch (region) {
            case PORTS_FIRST -> first.write(offset, value);
            case PORTS_PAGES -> pages[offset] = parameters.isAt ? value : value & 0xf;
            default -> {
                if (second != null) {
                    second.write(offset / 2, value);
                    if (parameters.isIntegrated) {
                        arbitrate(second);
                    }
                }
            }
        }
    }

    /// A reset of the board: both controllers. Page registers keep their values.
    @Override
    public void reset() {
        first.reset();
        if (second != null) {
            second.reset();
        }
        clock.wake();
    }

    @Override
    public void acknowledge(boolean asserted) {
        Chip at = second;
        if (at == null) {
            first.hlda(asserted);
        } else if (!parameters.isIntegrated) {
            at.hlda(asserted);
        } else if (asserted) {
            Chip chosen = firstAsks(at) ? first : at;
            granted = chosen;
            chosen.hlda(true);
        } else if (granted != null) {
            granted.hlda(false);
            granted = null;
        }
        clock.wake();
    }

    /// How many transfers moved something, but for those that refresh memory.
    public long transferCount() {
        return first.transferCount() + (second == null ? 0 : second.transferCount());
    }

    /// Why each channel does, or does not do, what it could.
    public List<String> explain() {
        clock.settle();
        if (second == null) {
            return first.chip().explain();
        }
        List<String> sentences = new ArrayList<>();
        first.chip().explain().forEach(sentence -> sentences.add("first controller: " + sentence));
        second.chip().explain().forEach(sentence -> sentences.add("second controller: " + sentence));
        return sentences;
    }

    /// HRQ of `chip` has changed.
    private void holdRequest(Chip chip, boolean asserted) {
        Chip at = second;
        if (at == null) {
            hold(asserted);
        } else if (parameters.isIntegrated) {
            arbitrate(at);
        } else if (chip == at) {
            hold(asserted);
        } else {
            at.dreq(0, asserted);
        }
    }

    /// What a chip set's arbiter makes of both controllers' HRQ. Channel 4 has no DREQ there, but its mask still
    /// stops the channels behind it.
    private void arbitrate(Chip at) {
        if (granted != null) {
            if (granted.chip().hrq()) {
                return;
            }
            hold(false);
        }
        hold(firstAsks(at) || at.chip().hrq());
    }

    private boolean firstAsks(Chip at) {
        return first.chip().hrq() && !at.chip().isMasked(0);
    }

    private void hold(boolean asserted) {
        if (asserted != holding) {
            holding = asserted;
            host.hold(asserted, parameters.hiddenOnly, hiddenClocks(parameters) * parameters.clockPicos);
        }
    }

    /// For how many clocks of the controllers a transfer behind the gate of [Parameters#hiddenOnly] has the bus at
    /// most: S1 to S4, its wait states, the sampling of HLDA, and the cascade.
    public static long hiddenClocks(Parameters parameters) {
        return 6L + parameters.waitStates + (parameters.isAt ? 2 : 0);
    }

    /// What A16 and up are. Without a DACK the page registers' address lines select the last of them: port 0x8f on
    /// the AT, that of channel 1 on the XT.
    private int page(int number) {
        int port = number >= 0 ? IsaDmaPorts.page(number) : parameters.isAt ? PAGES + 0xf : IsaDmaPorts.page(1);
        return pages[port - PAGES];
    }

    /// A controller in its place on this board.
    private final class Chip extends Controller {
        private final int firstChannel;

        Chip(String name, int firstChannel, int widthBytes) {
            super(host, name, firstChannel, widthBytes, parameters.waitStates);
            this.firstChannel = firstChannel;
        }

        void write(int register, int value) {
            chip().write(register, value);
            wasProgrammed(host.currentTransfer());
        }

        @Override
        public void holdRequest(boolean asserted) {
            IsaDma.this.holdRequest(this, asserted);
        }

        @Override
        boolean isRefresh(int channel) {
            return channel == REFRESH && !parameters.isAt;
        }

        @Override
        void cascade(int channel, boolean asserted) {
            if (firstChannel + channel == CASCADE && !parameters.isIntegrated) {
                first.hlda(asserted);
            }
        }

        @Override
        long physical(int channel, int address) {
            int page = page(channel < 0 ? -1 : firstChannel + channel);
            return firstChannel == 0 ? ((long) page << 16) | address : ((long) (page & 0xfe) << 16) | (address << 1);
        }
    }
}
