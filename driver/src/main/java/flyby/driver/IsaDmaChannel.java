package flyby.driver;

import static flyby.i8237.layout.I8237Registers.CLEAR_FLIP_FLOP;
import static flyby.i8237.layout.I8237Registers.MODE;
import static flyby.i8237.layout.I8237Registers.MODE_CHANNEL;
import static flyby.i8237.layout.I8237Registers.SELECT_CHANNEL;
import static flyby.i8237.layout.I8237Registers.SELECT_SET;
import static flyby.i8237.layout.I8237Registers.SINGLE_MASK;

import flyby.base.Check;
import flyby.bus.Cpu;
import flyby.isa.layout.IsaDmaPorts;

/// One channel of a PC's DMA, as Linux's `asm/dma.h` programs it, port by port.
///
/// Channels 0 to 3 count bytes and reach 64 KiB; channels 5 to 7 count words and reach 128 KiB. The order that
/// works: [#disable], [#clearFlipFlop], [#setMode], [#setAddress], [#setCount], [#enable].
public final class IsaDmaChannel {
    private final Cpu cpu;
    private final int number;
    private final boolean movesWords;

    /// @param number 0 to 7, not 4, which is the cascade's
    public IsaDmaChannel(Cpu cpu, int number) {
        Check.that(number >= 0 && number <= 7 && number != 4, "DMA channel %d", number);
        this.cpu = cpu;
        this.number = number;
        this.movesWords = number > 4;
    }

    /// How many bytes from a multiple of it on the channel can reach without wrapping: the page register does not
    /// count.
    public long reachBytes() {
        return movesWords ? 1 << 17 : 1 << 16;
    }

    /// How many bytes one transfer moves.
    public int beatBytes() {
        return movesWords ? 2 : 1;
    }

    /// Checks that a buffer of `byteCount` bytes at `address` can be programmed: it does not cross what the channel
    /// reaches, and consists of whole transfers.
    public void checkReach(long address, int byteCount) {
        long reach = reachBytes();
        Check.that(
                byteCount >= 1 && address / reach == (address + byteCount - 1) / reach,
                "a buffer of %d bytes at 0x%x crosses a boundary of %d",
                byteCount,
                address,
                reach);
        Check.that(
                address % beatBytes() == 0 && byteCount % beatBytes() == 0,
                "a buffer of %d bytes at 0x%x for channel %d",
                byteCount,
                address,
                number);
    }

    /// Lets DREQ through. `enable_dma`.
    public void enable() {
        out(SELECT_CHANNEL.to(number & 3), SINGLE_MASK);
    }

    /// Masks DREQ. `disable_dma`.
    public void disable() {
        out(SELECT_CHANNEL.to(number & 3) | SELECT_SET.mask(), SINGLE_MASK);
    }

    /// The next byte of an address or count is the low one. `clear_dma_ff`.
    public void clearFlipFlop() {
        out(0, CLEAR_FLIP_FLOP);
    }

    /// `set_dma_mode`.
    ///
    /// @param mode the MODE register but for the channel
    public void setMode(long mode) {
        out(MODE_CHANNEL.to(number & 3) | mode, MODE);
    }

    /// Where the next transfer goes: page first, then the 16 bits that count. `set_dma_page`, `set_dma_addr`.
    ///
    /// @param address physical, below 16 MiB; even for channels that move words
    public void setAddress(long address) {
        long page = address >>> 16;
        cpu.outb((int) (movesWords ? page & 0xfe : page), IsaDmaPorts.page(number));
        outBytes((int) (movesWords ? address >>> 1 : address), IsaDmaPorts.address(number));
    }

    /// How many bytes to move; the register holds one transfer less. `set_dma_count`.
    public void setCount(int byteCount) {
        outBytes((movesWords ? byteCount >> 1 : byteCount) - 1, IsaDmaPorts.count(number));
    }

    /// How many bytes have still to be moved: 0 after the end of the count. `get_dma_residue`.
    ///
    /// Clear the flip-flop before. While the channel moves, the two halves may be of different counts.
    public int residue() {
        int port = IsaDmaPorts.count(number);
        int low = cpu.inb(port);
        return residueOf(low, cpu.inb(port));
    }

    /// As [#residue], while the channel moves: reads twice until the high byte has not changed in between, as then
    /// the low byte that came between the two belongs to it.
    public int residueWhileRunning() {
        clearFlipFlop();
        int port = IsaDmaPorts.count(number);
        cpu.inb(port);
        int high = cpu.inb(port);
        while (true) {
            int low = cpu.inb(port);
            int highAgain = cpu.inb(port);
            if (high == highAgain) {
                return residueOf(low, high);
            }
            high = highAgain;
        }
    }

    private int residueOf(int low, int high) {
        return ((((high << 8) | low) + 1) & 0xffff) * beatBytes();
    }

    private void out(long value, int register) {
        cpu.outb((int) value, IsaDmaPorts.port(number, register));
    }

    private void outBytes(int value, int port) {
        cpu.outb(value & 0xff, port);
        cpu.outb((value >> 8) & 0xff, port);
    }
}
