package flyby.plx;

import static flyby.plx.layout.PlxRegisters.CONTROL;
import static flyby.plx.layout.PlxRegisters.CONTROL_2_IN_PROGRESS;
import static flyby.plx.layout.PlxRegisters.CONTROL_ABORT;
import static flyby.plx.layout.PlxRegisters.CONTROL_ABORT_DONE;
import static flyby.plx.layout.PlxRegisters.CONTROL_GRACEFUL_PAUSE;
import static flyby.plx.layout.PlxRegisters.CONTROL_INVALID;
import static flyby.plx.layout.PlxRegisters.CONTROL_MODE;
import static flyby.plx.layout.PlxRegisters.CONTROL_PAUSE_DONE;
import static flyby.plx.layout.PlxRegisters.CONTROL_RING_STOP;
import static flyby.plx.layout.PlxRegisters.CONTROL_START;
import static flyby.plx.layout.PlxRegisters.CONTROL_WRITE_BACK;
import static flyby.plx.layout.PlxRegisters.INTERRUPT_ABORT_DONE;
import static flyby.plx.layout.PlxRegisters.INTERRUPT_CONTROL;
import static flyby.plx.layout.PlxRegisters.INTERRUPT_DONE;
import static flyby.plx.layout.PlxRegisters.INTERRUPT_ERROR;
import static flyby.plx.layout.PlxRegisters.INTERRUPT_INVALID;
import static flyby.plx.layout.PlxRegisters.INTERRUPT_PAUSE_DONE;
import static flyby.plx.layout.PlxRegisters.MODE_OFF_CHIP;
import static flyby.plx.layout.PlxRegisters.PREFETCH_LIMIT;
import static flyby.plx.layout.PlxRegisters.REGION_BYTES;
import static flyby.plx.layout.PlxRegisters.RING_ADDRESS;
import static flyby.plx.layout.PlxRegisters.RING_ADDRESS_HIGH;
import static flyby.plx.layout.PlxRegisters.RING_COUNT;
import static flyby.plx.layout.PlxRegisters.RING_LAST;
import static flyby.plx.layout.PlxRegisters.RING_LAST_SIZE;
import static flyby.plx.layout.PlxRegisters.RING_NEXT;

import flyby.base.LittleEndian;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.bus.Transaction.Tenure;
import flyby.plx.layout.PlxDescriptor;
import flyby.sim.Alarm;
import flyby.trace.Trace;
import flyby.transfer.Copier;
import flyby.transfer.Copier.Outcome;

/// The DMA engine of PLX's PCI Express switches. Its registers, descriptors and what is known of them:
/// `flyby.plx.layout`.
///
/// Descriptors are done one after the other, in the order of the ring: all bytes of one are in memory before it is
/// written back, that before its interrupt, and all this before the next one begins. After a descriptor that has
/// failed the engine goes on; it stops where it cannot read or write the ring itself. While it runs, the registers
/// of the ring keep their values.
public final class PlxDmaEngine implements Device {
    /// The only interrupt vector.
    public static final int VECTOR = 0;

    private static final long UNSIGNED_32 = 0xffff_ffffL;
    /// So much work is done in one event; the rest waits for an alarm.
    private static final int BURST_DESCRIPTORS = 64;

    private static final long BREATH_PICOS = 1_000;
    private static final long CONFIG_BITS = CONTROL_GRACEFUL_PAUSE.mask()
            | CONTROL_ABORT.mask()
            | CONTROL_WRITE_BACK.mask()
            | CONTROL_RING_STOP.mask()
            | CONTROL_MODE.mask();
    private static final long CONTROL_2_BITS = 0xffff & ~CONTROL_2_IN_PROGRESS.mask();

    private final DeviceHost host;
    private final PlxProfile profile;
    private final Events events;
    private final Fetch fetch;
    private final Copier copier;
    private final Transaction writeBack =
            new Transaction(Transaction.Owner.saying("write-back of a descriptor", this::writtenBack), 4);
    private final Alarm setup;
    private final Trace trace;
    private final int track;
    private final int doneName;

    private long ring;
    private long ringHigh;
    private long next;
    private long count;
    private long last;
    private long lastSize;
    private long prefetchLimit;
    /// CTRL but for START and what has become of commands.
    private long config;

    private long outcomes;
    private long control2;

    private boolean isRunning;
    private boolean isPausing;
    private boolean isAborting;
    /// START was written after the last fetch: what that has found not valid may be so by now.
    private boolean isStartedAgain;

    private long transfer;
    private boolean isCopied;
    /// Whether the descriptor at work is written back.
    private boolean writesBack;

    private boolean isStale;
    private boolean isStepping;
    private boolean isStepDue;

    /// An engine in its state after power-on.
    ///
    /// @param name how traces call it
    public PlxDmaEngine(DeviceHost host, String name, PlxProfile profile) {
        this.host = host;
        this.profile = profile;
        events = new Events(host, VECTOR);
        fetch = new Fetch(host, profile.prefetch(), this::step);
        copier = new Copier(host, name, profile.copies(), this::copied);
        setup = host.alarm(name + " set-up", this::step);
        trace = host.trace();
        track = trace.track(name, "descriptors");
        doneName = trace.name("descriptor done");
        reset();
    }

    @Override
    public void reset() {
        setup.cancel();
        fetch.drop();
        copier.reset();
        isStale = !writeBack.isFree();
        ring = 0;
        ringHigh = 0;
        next = 0;
        count = 0;
        last = 0;
        lastSize = 0;
        prefetchLimit = 0;
        config = 0;
        outcomes = 0;
        control2 = 0;
        isRunning = false;
        isPausing = false;
        isAborting = false;
        isCopied = false;
        events.reset();
    }

    @Override
    public long readRegister(int region, long offset, int byteCount) {
        if (region != 0 || offset < 0 || offset >= REGION_BYTES || offset % byteCount != 0) {
            return ABSENT;
        }
        int register = (int) offset & -4;
        if (byteCount == 8) {
            return (read(register, true) & UNSIGNED_32) | (read(register + 4, true) << 32);
        }
        int shift = 8 * ((int) offset & 3);
        boolean seesHigh = shift + 8 * byteCount > 16;
        return read(register, seesHigh) >> shift;
    }

    private long read(int register, boolean seesHigh) {
        return switch (register) {
            case RING_ADDRESS -> ring;
            case RING_ADDRESS_HIGH -> ringHigh;
            case RING_NEXT -> next;
            case RING_COUNT -> count;
            case RING_LAST -> last;
            case RING_LAST_SIZE -> lastSize;
            case PREFETCH_LIMIT -> prefetchLimit;
            case CONTROL -> {
                long running = isRunning ? CONTROL_START.mask() | (CONTROL_2_IN_PROGRESS.mask() << 16) : 0;
                yield config | outcomes | running | (control2 << 16);
            }
            case INTERRUPT_CONTROL -> events.enabled() | (seesHigh ? events.read() << 16 : 0);
            default -> ABSENT;
        };
    }

    @Override
    public void writeRegister(int region, long offset, int byteCount, long value) {
        if (region != 0 || offset < 0 || offset >= REGION_BYTES || offset % byteCount != 0) {
            return;
        }
        int register = (int) offset & -4;
        if (byteCount == 8) {
            write(register, value & UNSIGNED_32, UNSIGNED_32);
            write(register + 4, value >>> 32, UNSIGNED_32);
        } else {
            int shift = 8 * ((int) offset & 3);
            long mask = LittleEndian.ones(byteCount) << shift;
            write(register, (value << shift) & mask, mask);
        }
    }

    /// Software writes those `bits` that `mask` has.
    private void write(int register, long bits, long mask) {
        switch (register) {
            case PREFETCH_LIMIT -> prefetchLimit = (prefetchLimit & ~mask) | bits;
            case CONTROL -> {
                control2 = ((control2 & ~(mask >>> 16)) | (bits >>> 16)) & CONTROL_2_BITS;
                control(bits & 0xffff, mask & 0xffff);
            }
            case INTERRUPT_CONTROL -> {
                if ((mask & 0xffff) != 0) {
                    events.enable((events.enabled() & ~mask) | (bits & 0xffff));
                }
                if (mask >>> 16 != 0) {
                    events.clear(bits >>> 16);
                }
            }
            default -> {
                if (!isRunning) {
                    placeRing(register, bits, mask);
                }
            }
        }
    }

    private void placeRing(int register, long bits, long mask) {
        switch (register) {
            case RING_ADDRESS -> ring = (ring & ~mask) | bits;
            case RING_ADDRESS_HIGH -> ringHigh = (ringHigh & ~mask) | bits;
            case RING_NEXT -> next = (next & ~mask) | bits;
            case RING_COUNT -> count = (count & ~mask) | bits;
            default -> {
                // RING_LAST can only be read, and elsewhere there is nothing.
            }
        }
    }

    private void control(long bits, long mask) {
        long before = config;
        config = ((config & ~mask) | bits) & CONFIG_BITS;
        outcomes &= ~bits;
        long risen = config & ~before;
        isPausing = CONTROL_GRACEFUL_PAUSE.isSet(risen) || (isPausing && CONTROL_GRACEFUL_PAUSE.isSet(config));
        if (CONTROL_ABORT.isSet(risen)) {
            isAborting = true;
            copier.stop();
        }
        if (CONTROL_START.isSet(bits)) {
            start();
        }
        step();
    }

    private void start() {
        if (CONTROL_GRACEFUL_PAUSE.isSet(config) || CONTROL_ABORT.isSet(config)) {
            return;
        }
        isStartedAgain = true;
        if (isRunning) {
            return;
        }
        if (CONTROL_MODE.of(config) != MODE_OFF_CHIP || count == 0) {
            stop(CONTROL_INVALID.mask(), INTERRUPT_INVALID.mask());
            return;
        }
        isRunning = true;
        transfer = host.currentTransfer();
        fetch.drop();
        if (profile.setupPicos() > 0) {
            setup.in(profile.setupPicos());
        }
    }

    private void stop(long outcome, long event) {
        isRunning = false;
        setup.cancel();
        fetch.drop();
        outcomes |= outcome;
        events.happened(event);
    }

    /// Something has changed: does what can be done now.
    private void step() {
        isStepDue = true;
        if (isStepping) {
            // A host completed something in the very call that submitted it.
            return;
        }
        isStepping = true;
        int burst = 0;
        while (isStepDue && burst < BURST_DESCRIPTORS) {
            isStepDue = false;
            burst++;
            advance();
        }
        isStepping = false;
        if (isStepDue) {
            // A ring can be so that its descriptors are valid for ever.
            setup.in(BREATH_PICOS);
        }
    }

    private void advance() {
        if (fetch.isUnderWay() || copier.isUnderWay() || !writeBack.isFree()) {
            return;
        }
        if (isCopied) {
            isCopied = false;
            finish();
        } else if (isAborting || isPausing) {
            settle();
        } else if (isRunning && !setup.isPending()) {
            take();
        }
    }

    private void settle() {
        boolean wasAborting = isAborting;
        isAborting = false;
        isPausing = false;
        if (wasAborting) {
            stop(CONTROL_ABORT_DONE.mask(), INTERRUPT_ABORT_DONE.mask());
        }
        if (CONTROL_GRACEFUL_PAUSE.isSet(config)) {
            stop(CONTROL_PAUSE_DONE.mask(), INTERRUPT_PAUSE_DONE.mask());
        }
    }

    /// Takes the next descriptor, or fetches some.
    private void take() {
        if (fetch.hasFailed()) {
            stop(0, INTERRUPT_ERROR.mask());
        } else if (!fetch.hasDescriptor()) {
            isStartedAgain = false;
            fetch.begin(nextAddress(), descriptorsAhead(), transfer);
        } else if (PlxDescriptor.VALID.isSet(fetch.flags())) {
            writesBack = CONTROL_WRITE_BACK.isSet(config);
            long size = PlxDescriptor.EXTENDED.isSet(fetch.flags()) ? 0 : PlxDescriptor.SIZE.of(fetch.flags());
            copier.begin(fetch.source(), fetch.destination(), size, transfer);
        } else if (isStartedAgain) {
            fetch.drop();
            step();
        } else {
            stop(CONTROL_INVALID.mask(), INTERRUPT_INVALID.mask());
        }
    }

    private long nextAddress() {
        return (ringHigh << 32) | next;
    }

    private long ringEnd() {
        return ring + count * PlxDescriptor.BYTES;
    }

    private boolean isInRing() {
        return next >= ring && next < ringEnd();
    }

    /// How many descriptors to fetch: they do not go over the end of the ring.
    private int descriptorsAhead() {
        long left = Math.ceilDiv(ringEnd() - next, PlxDescriptor.BYTES);
        return isInRing() ? (int) Math.min(profile.prefetch(), left) : 1;
    }

    private void copied() {
        isCopied = true;
        step();
    }

    /// All that the descriptor asks for is in memory, or it was given up.
    private void finish() {
        if (isAborting) {
            // It stays as it is, and the next one.
            step();
            return;
        }
        long flags = fetch.flags();
        boolean isWhole = copier.outcome() == Outcome.DONE && !PlxDescriptor.EXTENDED.isSet(flags);
        if (!isWhole) {
            events.happened(INTERRUPT_ERROR.mask());
        }
        last = next;
        lastSize = copier.writtenBytes();
        if (!writesBack) {
            done();
            return;
        }
        long how = PlxDescriptor.SUCCESS.mask();
        if (!isWhole) {
            boolean isWrite = copier.outcome() == Outcome.WRITE_FAILED;
            how = isWrite ? PlxDescriptor.WRITE_FAILED.mask() : PlxDescriptor.READ_FAILED.mask();
        }
        LittleEndian.put(how | PlxDescriptor.SIZE.to(lastSize), writeBack.data(), 0, 4);
        writeBack.begin(Kind.WRITE, nextAddress() + PlxDescriptor.FLAGS, 4, Tenure.RELEASE, transfer);
        host.submit(writeBack);
    }

    private void writtenBack(Transaction transaction, Status status) {
        if (isStale) {
            isStale = false;
            step();
        } else if (status != Status.SUCCESS) {
            stop(0, INTERRUPT_ERROR.mask());
            step();
        } else {
            done();
        }
    }

    private void done() {
        if (trace.isOn()) {
            trace.instant(host.nowPicos(), track, doneName, transfer, nextAddress());
        }
        boolean isLast = isInRing() && next + PlxDescriptor.BYTES >= ringEnd();
        long after = next + PlxDescriptor.BYTES;
        next = isLast || after > UNSIGNED_32 ? ring : after;
        if (PlxDescriptor.INTERRUPT.isSet(fetch.flags())) {
            events.happened(INTERRUPT_DONE.mask());
        }
        fetch.take();
        step();
    }
}
