package flyby.driver;

import static flyby.attacker.layout.NicRegisters.CONTROL;
import static flyby.attacker.layout.NicRegisters.CONTROL_ENABLE;
import static flyby.attacker.layout.NicRegisters.CONTROL_INTERRUPT;
import static flyby.attacker.layout.NicRegisters.DONE;
import static flyby.attacker.layout.NicRegisters.DONE_BYTES;
import static flyby.attacker.layout.NicRegisters.NOTHING;
import static flyby.attacker.layout.NicRegisters.RX_BYTES;
import static flyby.attacker.layout.NicRegisters.RX_POST;
import static flyby.attacker.layout.NicRegisters.TX_BYTES;
import static flyby.attacker.layout.NicRegisters.TX_POST;

import flyby.bus.Completion;
import flyby.bus.Cpu;
import flyby.dma.Direction;
import flyby.dma.Dma;
import flyby.kernel.Errno;
import flyby.kernel.Kernel;
import flyby.kernel.KernelMemory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The driver of a small network card: posts buffers, hands packets on, and trusts its card.
///
/// It does everything right: each buffer is mapped before the card gets its address, unmapped when the card has given
/// it back, and freed. Memory for one packet is allocated for that packet, as with Linux's `netdev_alloc_skb`.
public final class NicDriver {
    /// Who looks on: told what the driver has mapped and unmapped, after it has done so.
    public interface Watch {
        /// `buffer` is mapped, and the card does not know of it yet.
        void mapped(Buffer buffer);

        /// `buffer` is unmapped, and not freed yet.
        void unmapped(Buffer buffer);
    }

    /// Nobody.
    public static final Watch UNWATCHED = new Watch() {
        @Override
        public void mapped(Buffer buffer) {
            // Nobody looks on.
        }

        @Override
        public void unmapped(Buffer buffer) {
            // Nobody looks on.
        }
    };

    /// Memory that the card is given.
    ///
    /// @param address for the CPU
    /// @param dmaAddress for the card
    /// @param byteCount as mapped
    public record Buffer(long address, long dmaAddress, int byteCount, Direction direction) {}

    /// Who takes a packet that has come in.
    @FunctionalInterface
    public interface Receiver {
        void received(byte[] packet, int byteCount);
    }

    private final Kernel kernel;
    private final Cpu cpu;
    private final Dma dma;
    private final long registers;
    private final int line;
    private final int bufferBytes;
    private final Watch watch;
    private final Completion done = new Completion("the network card's interrupt");
    private final List<Buffer> posted = new ArrayList<>();
    private final byte[] packet = new byte[KernelMemory.PAGE_BYTES];

    /// @param registers physical address of the card's registers
    /// @param line its interrupt
    /// @param bufferBytes of each receive buffer; a page gets it pages, less gets it `kmalloc`
    public NicDriver(Kernel kernel, Dma dma, long registers, int line, int bufferBytes, Watch watch) {
        this.kernel = kernel;
        this.cpu = kernel.cpu();
        this.dma = dma;
        this.registers = registers;
        this.line = line;
        this.bufferBytes = bufferBytes;
        this.watch = watch;
        cpu.requestInterrupt(line, this::onInterrupt);
        cpu.mmioWrite32(registers + RX_BYTES, bufferBytes);
    }

    /// Lets packets come in. `ndo_open`.
    public void open() {
        done.reset();
        cpu.mmioWrite32(registers + CONTROL, CONTROL_ENABLE.mask() | CONTROL_INTERRUPT.mask());
    }

    /// One more buffer for packets to come.
    ///
    /// @return 0, or -ENOMEM
    public int postReceive() {
        Buffer buffer = map(bufferBytes, "receive buffer", Direction.FROM_DEVICE, 0);
        if (buffer == null) {
            return -Errno.ENOMEM;
        }
        cpu.mmioWrite64(registers + RX_POST, buffer.dmaAddress());
        return 0;
    }

    /// Sends the first `byteCount` bytes of `bytes`, at most a page; they leave when they leave. `ndo_start_xmit`.
    ///
    /// @return 0, or -ENOMEM
    public int send(byte[] bytes, int byteCount) {
        System.arraycopy(bytes, 0, packet, 0, byteCount);
        Buffer buffer = map(bufferBytes, "packet to send", Direction.TO_DEVICE, byteCount);
        if (buffer == null) {
            return -Errno.ENOMEM;
        }
        cpu.mmioWrite32(registers + TX_BYTES, byteCount);
        cpu.mmioWrite64(registers + TX_POST, buffer.dmaAddress());
        return 0;
    }

    /// Memory of `byteCount` bytes that the card may reach from now on, with the first `filled` bytes of [#packet].
    private @Nullable Buffer map(int byteCount, String purpose, Direction direction, int filled) {
        long address = allocate(byteCount, purpose);
        if (address == KernelMemory.NONE) {
            return null;
        }
        if (filled > 0) {
            cpu.storeBytes(address, packet, 0, filled);
        }
        long mapped = dma.mapSingle(address, byteCount, direction);
        if (dma.mappingError(mapped) != 0) {
            free(address, byteCount);
            return null;
        }
        Buffer buffer = new Buffer(address, mapped, byteCount, direction);
        posted.add(buffer);
        watch.mapped(buffer);
        return buffer;
    }

    private long allocate(int byteCount, String purpose) {
        return byteCount == KernelMemory.PAGE_BYTES
                ? kernel.memory().allocatePages(0, KernelMemory.Zone.NORMAL, purpose)
                : kernel.memory().kmalloc(byteCount, purpose);
    }

    private void free(long address, int byteCount) {
        if (byteCount == KernelMemory.PAGE_BYTES) {
            kernel.memory().freePages(address, 0);
        } else {
            kernel.memory().kfree(address);
        }
    }

    /// Waits until the card gives something back, and takes all that it gives.
    ///
    /// @return how many packets have come in
    public int serve(Receiver receiver) {
        cpu.await(done);
        done.reset();
        int received = 0;
        long address = cpu.mmioRead64(registers + DONE);
        while (address != NOTHING) {
            int byteCount = Math.toIntExact(cpu.mmioRead32(registers + DONE_BYTES));
            Buffer buffer = take(address);
            if (buffer == null) {
                kernel.warn("the card gives back 0x%x, which it was not given", address);
            } else {
                unmap(buffer);
                if (buffer.direction() == Direction.FROM_DEVICE) {
                    cpu.loadBytes(buffer.address(), packet, 0, byteCount);
                    receiver.received(packet, byteCount);
                    received++;
                }
                free(buffer.address(), buffer.byteCount());
            }
            address = cpu.mmioRead64(registers + DONE);
        }
        cpu.mmioWrite32(registers + CONTROL, CONTROL_ENABLE.mask() | CONTROL_INTERRUPT.mask());
        return received;
    }

    private @Nullable Buffer take(long dmaAddress) {
        for (Buffer buffer : posted) {
            if (buffer.dmaAddress() == dmaAddress) {
                posted.remove(buffer);
                return buffer;
            }
        }
        return null;
    }

    private void unmap(Buffer buffer) {
        dma.unmapSingle(buffer.dmaAddress(), buffer.byteCount(), buffer.direction());
        watch.unmapped(buffer);
    }

    /// Packets to send that the card has not given back.
    public long sendingCount() {
        return posted.stream()
                .filter(buffer -> buffer.direction() == Direction.TO_DEVICE)
                .count();
    }

    /// Stops the card and takes everything back. `ndo_stop`.
    public void stop() {
        cpu.mmioWrite32(registers + CONTROL, 0);
        // The read returns when the card has heard of it.
        cpu.mmioRead32(registers + CONTROL);
        for (Buffer buffer : posted) {
            unmap(buffer);
            free(buffer.address(), buffer.byteCount());
        }
        posted.clear();
    }

    /// Gives the interrupt back, after [#stop].
    public void remove() {
        cpu.freeInterrupt(line);
    }

    /// The interrupt line that it uses.
    public int line() {
        return line;
    }

    /// No more interrupts until [#serve] has taken everything, as with NAPI.
    private void onInterrupt() {
        cpu.mmioWrite32(registers + CONTROL, CONTROL_ENABLE.mask());
        cpu.mmioRead32(registers + CONTROL);
        done.complete();
    }
}
