package flyby.dmaengine;

import static flyby.plx.layout.PlxRegisters.CONTROL;
import static flyby.plx.layout.PlxRegisters.CONTROL_ABORT_DONE;
import static flyby.plx.layout.PlxRegisters.CONTROL_GRACEFUL_PAUSE;
import static flyby.plx.layout.PlxRegisters.CONTROL_IMMEDIATE_PAUSE_DONE;
import static flyby.plx.layout.PlxRegisters.CONTROL_INVALID;
import static flyby.plx.layout.PlxRegisters.CONTROL_MODE;
import static flyby.plx.layout.PlxRegisters.CONTROL_PAUSE_DONE;
import static flyby.plx.layout.PlxRegisters.CONTROL_START;
import static flyby.plx.layout.PlxRegisters.CONTROL_WRITE_BACK;
import static flyby.plx.layout.PlxRegisters.INTERRUPT_DONE;
import static flyby.plx.layout.PlxRegisters.INTERRUPT_STATUS;
import static flyby.plx.layout.PlxRegisters.MODE_OFF_CHIP;
import static flyby.plx.layout.PlxRegisters.PREFETCH_LIMIT;
import static flyby.plx.layout.PlxRegisters.RING_ADDRESS;
import static flyby.plx.layout.PlxRegisters.RING_ADDRESS_HIGH;
import static flyby.plx.layout.PlxRegisters.RING_COUNT;
import static flyby.plx.layout.PlxRegisters.RING_NEXT;

import flyby.base.Check;
import flyby.bus.Cpu;
import flyby.dma.CoherentBuffer;
import flyby.dmaengine.DmaResult.Outcome;
import flyby.kernel.Interrupts.Result;
import flyby.kernel.IoMemory;
import flyby.kernel.Kernel;
import flyby.kernel.Tasklet;
import flyby.plx.layout.PlxDescriptor;
import flyby.sim.Time;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/// The channel of PLX's DMA engine. `struct plx_dma_dev`, of which only `DMA_MEMCPY` is known.
///
/// Cookies count from 1; copies are done in the order in which they were submitted.
public final class PlxDmaChan {
    /// What submit returns while the ring is full.
    public static final int NO_ROOM = 0;

    private static final long OUTCOMES = CONTROL_INVALID.mask()
            | CONTROL_PAUSE_DONE.mask()
            | CONTROL_ABORT_DONE.mask()
            | CONTROL_IMMEDIATE_PAUSE_DONE.mask();
    private static final long START =
            OUTCOMES | CONTROL_WRITE_BACK.mask() | CONTROL_MODE.to(MODE_OFF_CHIP) | CONTROL_START.mask();

    /// `PLX_REG_PREF_LIMIT_PREF_FOUR`.
    private static final int PREFETCH_FOUR = 8;

    private static final long STOP_PICOS = Time.SECOND;
    private static final long LOOK_PICOS = 500 * Time.NANOSECOND;

    private final Kernel kernel;
    private final IoMemory registers;
    private final CoherentBuffer ring;
    private final int ringCount;
    private final Tasklet tasklet;
    private final long[] sizes;
    private final List<Consumer<DmaResult>> callbacks;
    /// Free-running: where the next copy goes, and the oldest that is not done.
    private int head;

    private int tail;

    PlxDmaChan(Kernel kernel, IoMemory registers, CoherentBuffer ring, int ringCount) {
        Check.that(Integer.bitCount(ringCount) == 1, "a ring of %d descriptors", ringCount);
        this.kernel = kernel;
        this.registers = registers;
        this.ring = ring;
        this.ringCount = ringCount;
        tasklet = new Tasklet(kernel, this::process);
        sizes = new long[ringCount];
        callbacks = new ArrayList<>();
        for (int i = 0; i < ringCount; i++) {
            callbacks.add(_ -> {});
        }
    }

    /// `plx_dma_alloc_chan_resources`.
    void start() {
        byte[] nothing = new byte[ringCount * PlxDescriptor.BYTES];
        kernel.cpu().storeBytes(ring.cpuAddress(), nothing, 0, nothing.length);
        registers.write32(CONTROL, OUTCOMES);
        registers.write32(RING_ADDRESS, ring.dmaAddress() & 0xffff_ffffL);
        registers.write32(RING_ADDRESS_HIGH, ring.dmaAddress() >>> 32);
        registers.write32(RING_NEXT, ring.dmaAddress() & 0xffff_ffffL);
        registers.write32(RING_COUNT, ringCount);
        registers.write32(PREFETCH_LIMIT, PREFETCH_FOUR);
    }

    private long place(int index) {
        return ring.cpuAddress() + (long) (index & (ringCount - 1)) * PlxDescriptor.BYTES;
    }

    /// Prepares and submits a copy between addresses of the engine; it begins when [#issuePending] says so.
    /// `device_prep_dma_memcpy` and `tx_submit`.
    ///
    /// @param byteCount 0 to 2^27 - 1
    /// @param flags of [PrepFlags]; INTERRUPT is all that there is
    /// @param callback called from a tasklet, so it must not wait; without INTERRUPT not before somebody asks
    /// @return the cookie, or [#NO_ROOM]
    public int submit(long destination, long source, long byteCount, long flags, Consumer<DmaResult> callback) {
        Check.that(byteCount >= 0 && byteCount <= PlxDescriptor.SIZE.mask(), "a copy of %d bytes", byteCount);
        boolean wereOn = kernel.cpu().saveInterrupts();
        int cookie = NO_ROOM;
        // One place stays free: CIRC_SPACE.
        if (head - tail < ringCount - 1) {
            sizes[head & (ringCount - 1)] = byteCount;
            callbacks.set(head & (ringCount - 1), callback);
            store(place(head), destination, source);
            boolean interrupts = (flags & PrepFlags.INTERRUPT) != 0;
            long word = byteCount | PlxDescriptor.INTERRUPT.to(interrupts ? 1 : 0) | PlxDescriptor.VALID.mask();
            // The engine may be reading it: the rest of it is there before VALID is.
            kernel.cpu().dmaWriteBarrier();
            kernel.cpu().store32(place(head) + PlxDescriptor.FLAGS, kernel.cpu().le32(word));
            head++;
            cookie = head;
        }
        kernel.cpu().restoreInterrupts(wereOn);
        return cookie;
    }

    private void store(long at, long destination, long source) {
        Cpu cpu = kernel.cpu();
        long high = (destination >>> 32) | (source >>> 32 << 16);
        cpu.store32(at + PlxDescriptor.DESTINATION_HIGH, cpu.le32(high));
        cpu.store32(at + PlxDescriptor.DESTINATION_LOW, cpu.le32(destination & 0xffff_ffffL));
        cpu.store32(at + PlxDescriptor.SOURCE_LOW, cpu.le32(source & 0xffff_ffffL));
    }

    /// Has the engine look. `device_issue_pending`.
    public void issuePending() {
        registers.write16(CONTROL, (int) START);
    }

    /// How the copy with `cookie` goes. `device_tx_status`.
    public DmaStatus status(int cookie) {
        if (cookie - tail > 0) {
            process();
        }
        return cookie - tail > 0 ? DmaStatus.IN_PROGRESS : DmaStatus.COMPLETE;
    }

    Result interrupt() {
        long status = registers.read16(INTERRUPT_STATUS);
        if (status == 0) {
            return Result.NONE;
        }
        if (INTERRUPT_DONE.isSet(status)) {
            tasklet.schedule();
        }
        registers.write16(INTERRUPT_STATUS, (int) status);
        return Result.HANDLED;
    }

    /// Calls back for what is done. `plx_dma_process_desc`.
    private void process() {
        boolean wereOn = kernel.cpu().saveInterrupts();
        List<Runnable> calls = new ArrayList<>();
        while (tail != head) {
            long flags = kernel.cpu().le32(kernel.cpu().load32(place(tail) + PlxDescriptor.FLAGS));
            if (PlxDescriptor.VALID.isSet(flags)) {
                break;
            }
            Outcome outcome = Outcome.READ_FAILED;
            if (PlxDescriptor.SUCCESS.isSet(flags)) {
                outcome = Outcome.NOERROR;
            } else if (PlxDescriptor.WRITE_FAILED.isSet(flags)) {
                outcome = Outcome.WRITE_FAILED;
            }
            over(calls, outcome, PlxDescriptor.SIZE.of(flags));
        }
        kernel.cpu().restoreInterrupts(wereOn);
        calls.forEach(Runnable::run);
    }

    private void over(List<Runnable> calls, Outcome outcome, long movedBytes) {
        int at = tail & (ringCount - 1);
        DmaResult result = new DmaResult(outcome, sizes[at] - movedBytes);
        Consumer<DmaResult> callback = callbacks.get(at);
        calls.add(() -> callback.accept(result));
        tail++;
    }

    /// The engine takes no descriptor any more. `__plx_dma_stop`.
    ///
    /// @return 0, or -ETIMEDOUT
    int stop() {
        long control = registers.read32(CONTROL);
        if (CONTROL_GRACEFUL_PAUSE.with(control, 0) == 0) {
            return 0;
        }
        registers.write32(CONTROL, OUTCOMES | CONTROL_GRACEFUL_PAUSE.mask());
        int error = kernel.poll(() -> CONTROL_PAUSE_DONE.isSet(registers.read32(CONTROL)), LOOK_PICOS, STOP_PICOS);
        registers.write32(CONTROL, OUTCOMES | CONTROL_GRACEFUL_PAUSE.mask());
        registers.write32(RING_COUNT, 0);
        registers.write32(RING_ADDRESS, 0);
        registers.write32(RING_ADDRESS_HIGH, 0);
        registers.write32(RING_NEXT, 0);
        return error;
    }

    /// Calls back for what is done, and for what never will be. `plx_dma_abort_desc`.
    void abort() {
        tasklet.kill();
        process();
        List<Runnable> calls = new ArrayList<>();
        while (tail != head) {
            over(calls, Outcome.ABORTED, 0);
        }
        Arrays.fill(sizes, 0);
        calls.forEach(Runnable::run);
    }
}
