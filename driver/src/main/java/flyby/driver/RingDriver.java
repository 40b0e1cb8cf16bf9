package flyby.driver;

import static flyby.ring.layout.RingRegisters.ARM;
import static flyby.ring.layout.RingRegisters.CONTROL;
import static flyby.ring.layout.RingRegisters.CONTROL_ENABLE;
import static flyby.ring.layout.RingRegisters.DESCRIPTOR_ADDRESS;
import static flyby.ring.layout.RingRegisters.DESCRIPTOR_BYTES;
import static flyby.ring.layout.RingRegisters.DESCRIPTOR_LENGTH;
import static flyby.ring.layout.RingRegisters.DESCRIPTOR_STATUS;
import static flyby.ring.layout.RingRegisters.ENTRIES;
import static flyby.ring.layout.RingRegisters.LENGTH_WRITE;
import static flyby.ring.layout.RingRegisters.RING;
import static flyby.ring.layout.RingRegisters.STATUS;
import static flyby.ring.layout.RingRegisters.STATUS_COUNT;
import static flyby.ring.layout.RingRegisters.STATUS_FAILED;
import static flyby.ring.layout.RingRegisters.STATUS_INTERRUPT;
import static flyby.ring.layout.RingRegisters.TAIL;

import flyby.base.Check;
import flyby.base.LabException;
import flyby.bus.Completion;
import flyby.bus.Cpu;
import flyby.dma.CoherentBuffer;
import flyby.dma.Dma;
import flyby.kernel.Kernel;

/// Keeps the ring of a ring device filled, and says what is done. Buffers are its caller's, who maps and unmaps them.
///
/// It looks at descriptors in memory rather than at registers, and has itself interrupted only when there is nothing
/// to look at, as NAPI does.
public final class RingDriver {
    /// A device that interrupts so often for nothing has lost a status: to go on would be to go on for ever.
    private static final int WAKES_MAX = 16;

    private final Cpu cpu;
    private final Dma dma;
    private final long registers;
    private final int line;
    private final int entries;
    private final CoherentBuffer memory;
    private final long ring;
    private final Completion interrupted = new Completion("the ring device's interrupt");
    private long posted;
    private long reaped;
    /// Sleeps since the last buffer was reaped.
    private int wakes;

    /// Switches the device on.
    ///
    /// @param registers physical address of the device's registers
    /// @param line its interrupt
    /// @param entries of the ring
    public RingDriver(Kernel kernel, Dma dma, long registers, int line, int entries) {
        this.cpu = kernel.cpu();
        this.dma = dma;
        this.registers = registers;
        this.line = line;
        this.entries = entries;
        long byteCount = (long) entries * DESCRIPTOR_BYTES;
        CoherentBuffer allocated = dma.allocCoherent(byteCount);
        if (allocated == null) {
            throw Check.bug("no memory for a ring of %d descriptors", entries);
        }
        memory = allocated;
        ring = memory.cpuAddress();
        cpu.requestInterrupt(line, this::onInterrupt);
        cpu.mmioWrite64(registers + RING, memory.dmaAddress());
        cpu.mmioWrite32(registers + ENTRIES, entries);
        cpu.mmioWrite32(registers + CONTROL, CONTROL_ENABLE.mask());
    }

    /// Whether another buffer can be posted.
    public boolean hasRoom() {
        return posted - reaped < entries;
    }

    /// Buffers that were posted and not yet reaped.
    public long outstanding() {
        return posted - reaped;
    }

    /// Puts a buffer into the ring; the device hears of it with the next [#kick].
    ///
    /// @param dmaAddress the device's address of it
    /// @param isWritten whether the device fills it, rather than reads it
    public void post(long dmaAddress, int byteCount, boolean isWritten) {
        Check.that(hasRoom(), "the ring of %d is full", entries);
        long descriptor = ring + posted % entries * DESCRIPTOR_BYTES;
        cpu.store64(descriptor + DESCRIPTOR_ADDRESS, cpu.le64(dmaAddress));
        cpu.store32(descriptor + DESCRIPTOR_LENGTH, cpu.le32(byteCount | (isWritten ? LENGTH_WRITE : 0)));
        posted++;
    }

    /// Rings the doorbell.
    public void kick() {
        cpu.writeBarrier();
        cpu.mmioWrite32(registers + TAIL, posted & 0xffff_ffffL);
    }

    /// Takes the oldest buffer back if it is done.
    ///
    /// @return whether it is
    /// @throws LabException if the device reports that it could not move it: this driver has no way to try again
    public boolean reap() {
        if (posted == reaped) {
            return false;
        }
        long status = cpu.le32(cpu.load32(ring + reaped % entries * DESCRIPTOR_BYTES + DESCRIPTOR_STATUS));
        if ((status & STATUS_COUNT) != (reaped + 1 & STATUS_COUNT)) {
            return false;
        }
        cpu.dmaReadBarrier();
        if ((status & STATUS_FAILED) != 0) {
            throw new LabException(
                    LabException.Kind.STUCK,
                    "the ring device reports that transfer %d has failed: an access to memory was answered by an error"
                            .formatted(reaped));
        }
        reaped++;
        wakes = 0;
        return true;
    }

    /// Waits until there is something to reap.
    ///
    /// @throws LabException if the device has said so again and again, and there was nothing
    public void sleep() {
        wakes++;
        if (wakes > WAKES_MAX) {
            throw new LabException(
                    LabException.Kind.STUCK,
                    "the ring device interrupts, but the status of transfer %d has not come".formatted(reaped));
        }
        interrupted.reset();
        cpu.mmioWrite32(registers + ARM, reaped & 0xffff_ffffL);
        cpu.await(interrupted);
    }

    /// Switches the device off, and takes the ring from it. Buffers that it still has are its no longer.
    public void remove() {
        cpu.mmioWrite32(registers + CONTROL, 0);
        // The read comes back when the device has heard of it, and what it wrote before is in memory.
        cpu.mmioRead32(registers + CONTROL);
        cpu.freeInterrupt(line);
        dma.freeCoherent(memory.byteCount(), memory.cpuAddress(), memory.dmaAddress());
    }

    private void onInterrupt() {
        cpu.mmioWrite32(registers + STATUS, STATUS_INTERRUPT.mask());
        interrupted.complete();
    }
}
