package flyby.zoo.engine;

import static flyby.zoo.engine.EngineRegisters.ADDRESS_HIGH;
import static flyby.zoo.engine.EngineRegisters.ADDRESS_LOW;
import static flyby.zoo.engine.EngineRegisters.BUFFER_SIZE;
import static flyby.zoo.engine.EngineRegisters.CONTROL;
import static flyby.zoo.engine.EngineRegisters.CONTROL_INTERRUPTS;
import static flyby.zoo.engine.EngineRegisters.CONTROL_POLL;
import static flyby.zoo.engine.EngineRegisters.CONTROL_QUEUE;
import static flyby.zoo.engine.EngineRegisters.CONTROL_RESET;
import static flyby.zoo.engine.EngineRegisters.CONTROL_RUN;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_BYTES;
import static flyby.zoo.engine.EngineRegisters.GO;
import static flyby.zoo.engine.EngineRegisters.HEAD;
import static flyby.zoo.engine.EngineRegisters.ID;
import static flyby.zoo.engine.EngineRegisters.ID_VALUE;
import static flyby.zoo.engine.EngineRegisters.LENGTH;
import static flyby.zoo.engine.EngineRegisters.MASK;
import static flyby.zoo.engine.EngineRegisters.MEMORY_BYTES;
import static flyby.zoo.engine.EngineRegisters.OFFSET;
import static flyby.zoo.engine.EngineRegisters.QUEUE_HEAD;
import static flyby.zoo.engine.EngineRegisters.QUEUE_HIGH;
import static flyby.zoo.engine.EngineRegisters.QUEUE_LOW;
import static flyby.zoo.engine.EngineRegisters.QUEUE_SIZE;
import static flyby.zoo.engine.EngineRegisters.REGISTER_BYTES;
import static flyby.zoo.engine.EngineRegisters.RESET_PICOS;
import static flyby.zoo.engine.EngineRegisters.RESULT;
import static flyby.zoo.engine.EngineRegisters.RING_ALIGNMENT;
import static flyby.zoo.engine.EngineRegisters.RING_HIGH;
import static flyby.zoo.engine.EngineRegisters.RING_LOW;
import static flyby.zoo.engine.EngineRegisters.RING_SIZE;
import static flyby.zoo.engine.EngineRegisters.RING_SIZE_MAX;
import static flyby.zoo.engine.EngineRegisters.STATUS;
import static flyby.zoo.engine.EngineRegisters.STATUS_BUSY;
import static flyby.zoo.engine.EngineRegisters.STATUS_LINK;
import static flyby.zoo.engine.EngineRegisters.TAIL;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.sim.Alarm;
import flyby.sim.Time;
import flyby.topology.Card;
import flyby.trial.Scene;
import java.util.List;
import java.util.Locale;

/// The engine that the specimens drive. What software sees of it: [EngineRegisters].
///
/// It says what its driver does against the specification ([DeviceHost#objection]), and goes on as hardware would.
public final class Engine implements Device {
    /// The only interrupt vector.
    public static final int VECTOR = 0;

    private static final int DEVICE_ID = 0x5a4f;
    private static final long LATE_STOP_PICOS = 20 * Time.MICROSECOND;
    private static final long UNSIGNED_32 = 0xffff_ffffL;

    private final DeviceHost host;
    private final EngineOptions options;
    private final EngineMemory memory;
    private final Wire wire = new Wire();
    private final Steps steps;
    private final CompletionQueue queue;
    private final Ring ring;
    private final Operation operation;
    private final Rewriter rewriter;
    private final Alarm pollAlarm;
    private final Alarm resetAlarm;
    private final Alarm coalesceAlarm;
    private final Alarm restlessAlarm;

    private long control;
    private long status;
    private long mask;
    /// Bits of STATUS that were read as set.
    private long seen;

    private long resetSincePicos;
    private boolean isReset;
    private boolean isLookDue;
    private boolean isOut;
    /// It interrupts because of what it did before anybody reset it.
    private boolean isRestless;

    /// An engine in its state after power-on.
    public Engine(DeviceHost host, String name, EngineOptions options) {
        this.host = host;
        this.options = options;
        memory = new EngineMemory(host, name, options.drainPicos());
        int byteCountMax = Math.max(1 << options.counterBits(), options.prefetchCount() * DESCRIPTOR_BYTES);
        steps = new Steps(host, name, byteCountMax, this::goOn);
        queue = new CompletionQueue(options, steps);
        ring = new Ring(this, options, steps, queue, wire);
        rewriter = new Rewriter(host, name, options.rewritePicos());
        operation = new Operation(this, options, steps, memory);
        pollAlarm = host.alarm(name + " poll", this::poll);
        resetAlarm = host.alarm(name + " reset", this::resetByRegister);
        coalesceAlarm = host.alarm(name + " interrupt", this::assertInterrupt);
        restlessAlarm = host.alarm(name + " unrest", this::remember);
        reset();
        if (options.restlessPicos() > 0) {
            isRestless = true;
            control = CONTROL_INTERRUPTS;
            mask = STATUS_LINK;
            restlessAlarm.in(options.restlessPicos());
        }
    }

    /// A card with an engine on it, which is as difficult as `options` and the machine want.
    public static Card card(EngineOptions options, Scene scene) {
        EngineOptions shorter = scene.isShort() ? options.writingShort() : options;
        EngineOptions later =
                scene.isLate() && options.latePicos() == 0 ? shorter.withLateStop(LATE_STOP_PICOS) : shorter;
        EngineOptions meant = scene.isMalicious() ? later : later.rewritingLater(0);
        return Card.of(DEVICE_ID, REGISTER_BYTES, MEMORY_BYTES, 1, host -> new Engine(host, "engine", meant));
    }

    // The world outside.

    /// `packet` comes in, and waits for a descriptor that takes it.
    public void receive(byte[] packet) {
        wire.comesIn(packet);
        goOn();
    }

    /// The packets that went out, in their order.
    public List<byte[]> sent() {
        return wire.outgoing();
    }

    /// The link goes down, or up.
    public void changeLink() {
        raise(STATUS_LINK);
    }

    /// The card is pulled out: it answers no more, and does nothing more.
    public void pullOut() {
        reset();
        isOut = true;
    }

    // Registers.

    @Override
    public long readRegister(int region, long offset, int byteCount) {
        if (isOut) {
            return ABSENT;
        }
        if (region == Card.MEMORY && isWithin(offset, byteCount, MEMORY_BYTES)) {
            return memory.read(offset, byteCount);
        }
        if (region != Card.REGISTERS || !isWithin(offset, byteCount, REGISTER_BYTES) || byteCount < 4) {
            return ABSENT;
        }
        long low = read((int) offset);
        return byteCount == 4 ? low : (low & UNSIGNED_32) | (read((int) offset + 4) << 32);
    }

    @Override
    public void writeRegister(int region, long offset, int byteCount, long value) {
        if (isOut) {
            return;
        }
        if (region == Card.MEMORY && isWithin(offset, byteCount, MEMORY_BYTES)) {
            memory.write(offset, byteCount, value);
        } else if (region == Card.REGISTERS && isWithin(offset, byteCount, REGISTER_BYTES) && byteCount >= 4) {
            write((int) offset, value & UNSIGNED_32);
            if (byteCount == 8) {
                write((int) offset + 4, value >>> 32);
            }
        }
    }

    private static boolean isWithin(long offset, int byteCount, int regionBytes) {
        return offset >= 0 && offset <= regionBytes - byteCount && offset % byteCount == 0;
    }

    private long read(int offset) {
        return switch (offset) {
            case ID -> ID_VALUE;
            case CONTROL -> control;
            case STATUS -> readStatus();
            case MASK -> mask;
            case RING_LOW -> ring.base & UNSIGNED_32;
            case RING_HIGH -> ring.base >>> 32;
            case RING_SIZE -> ring.size;
            case TAIL -> ring.tail;
            case HEAD -> ring.head;
            case BUFFER_SIZE -> ring.bufferBytes;
            case QUEUE_LOW -> queue.base & UNSIGNED_32;
            case QUEUE_HIGH -> queue.base >>> 32;
            case QUEUE_SIZE -> queue.size;
            case QUEUE_HEAD -> queue.head;
            case ADDRESS_LOW -> operation.address & UNSIGNED_32;
            case ADDRESS_HIGH -> operation.address >>> 32;
            case LENGTH -> operation.length;
            case OFFSET -> operation.offset;
            case GO -> operation.command();
            case RESULT -> operation.result();
            default -> ABSENT;
        };
    }

    private long readStatus() {
        seen |= status;
        return status | (isBusy() ? STATUS_BUSY : 0);
    }

    private boolean isBusy() {
        return !steps.isIdle() || operation.isWaiting();
    }

    private void write(int offset, long value) {
        if (offset == CONTROL) {
            control(value);
            return;
        }
        if ((control & CONTROL_RESET) != 0) {
            return;
        }
        switch (offset) {
            case STATUS -> clear(value);
            case MASK -> {
                mask = value;
                driveInterrupt(!options.interruptsByEvent());
            }
            case RING_LOW, RING_HIGH, RING_SIZE, BUFFER_SIZE -> placeRing(offset, value);
            case QUEUE_LOW, QUEUE_HIGH, QUEUE_SIZE -> placeQueue(offset, value);
            case TAIL -> ring.ring(value);
            case QUEUE_HEAD -> {
                if (value >= queue.size) {
                    objection("QUEUE_HEAD is set to %d of a queue of %d", value, queue.size);
                }
                queue.head = value % queue.size;
            }
            case ADDRESS_LOW -> operation.address = (operation.address & ~UNSIGNED_32) | value;
            case ADDRESS_HIGH -> operation.address = (operation.address & UNSIGNED_32) | (value << 32);
            case LENGTH -> operation.length = value;
            case OFFSET -> operation.offset = value;
            case GO -> operation.go(value);
            default -> {
                // The others can only be read, and between them there is nothing.
            }
        }
        goOn();
    }

    private void placeRing(int offset, long value) {
        if (isRunning()) {
            objection("register 0x%x of the ring is written while the engine runs: 0x%x", offset, value);
            return;
        }
        switch (offset) {
            case RING_LOW -> {
                ring.base = (ring.base & ~UNSIGNED_32) | aligned("RING_LOW", value);
                ring.isPlaced = true;
            }
            case RING_HIGH -> ring.base = (ring.base & UNSIGNED_32) | (value << 32);
            case RING_SIZE -> {
                if (value < 1 || value > RING_SIZE_MAX) {
                    objection("RING_SIZE is set to %d, not to 1 to %d", value, RING_SIZE_MAX);
                }
                ring.size = Math.clamp(value, 1, RING_SIZE_MAX);
            }
            default -> ring.bufferBytes = value;
        }
    }

    private void placeQueue(int offset, long value) {
        if (isRunning()) {
            objection("register 0x%x of the queue is written while the engine runs: 0x%x", offset, value);
            return;
        }
        switch (offset) {
            case QUEUE_LOW -> queue.base = (queue.base & ~UNSIGNED_32) | aligned("QUEUE_LOW", value);
            case QUEUE_HIGH -> queue.base = (queue.base & UNSIGNED_32) | (value << 32);
            default -> {
                if (value < 1 || value > RING_SIZE_MAX) {
                    objection("QUEUE_SIZE is set to %d, not to 1 to %d", value, RING_SIZE_MAX);
                }
                queue.size = Math.clamp(value, 1, RING_SIZE_MAX);
            }
        }
    }

    private long aligned(String register, long value) {
        if (value % RING_ALIGNMENT != 0) {
            objection("%s is set to 0x%x, which is not aligned to %d bytes", register, value, RING_ALIGNMENT);
        }
        return value & -RING_ALIGNMENT;
    }

    private void control(long value) {
        isRestless = false;
        boolean wasRunning = isRunning();
        boolean hadQueue = hasQueue();
        boolean wasInReset = (control & CONTROL_RESET) != 0;
        boolean isInReset = (value & CONTROL_RESET) != 0;
        if (isInReset && !wasInReset) {
            resetSincePicos = host.nowPicos();
            isReset = false;
            resetAlarm.in(RESET_PICOS);
        } else if (!isInReset && wasInReset && !isReset) {
            resetAlarm.cancel();
            objection(
                    "RESET was set for %s, and takes %s",
                    Time.text(host.nowPicos() - resetSincePicos), Time.text(RESET_PICOS));
        }
        control = isInReset ? CONTROL_RESET | (value & ~CONTROL_RUN) : value;
        if (hasQueue() && !hadQueue) {
            queue.begin();
        }
        if (isRunning() && !wasRunning) {
            start();
        } else if (wasRunning && !isRunning()) {
            ring.stop();
            steps.postpone(options.latePicos());
        }
        driveInterrupt(!options.interruptsByEvent());
        goOn();
    }

    private void start() {
        if (!ring.isPlaced) {
            objection("RUN is set, but nobody has said where the ring is");
        }
        if (!steps.isIdle()) {
            objection("RUN is set, but what was begun before it was cleared is still under way");
        }
        ring.start();
        isLookDue = true;
    }

    private void resetByRegister() {
        long held = control;
        reset();
        control = held;
        isReset = true;
    }

    @Override
    public void reset() {
        pollAlarm.cancel();
        resetAlarm.cancel();
        coalesceAlarm.cancel();
        restlessAlarm.cancel();
        isRestless = false;
        steps.forget();
        rewriter.reset();
        memory.reset();
        wire.reset();
        queue.reset();
        ring.reset();
        operation.reset();
        control = 0;
        status = 0;
        mask = 0;
        seen = 0;
        isLookDue = false;
        host.interrupt(VECTOR, false);
    }

    // For its parts.

    boolean isRunning() {
        return (control & CONTROL_RUN) != 0;
    }

    boolean isPolling() {
        return (control & CONTROL_POLL) != 0;
    }

    boolean hasQueue() {
        return (control & CONTROL_QUEUE) != 0;
    }

    @FormatMethod
    void objection(@FormatString String format, Object... arguments) {
        host.objection(String.format(Locale.ROOT, format, arguments));
    }

    /// `address` as far as there are wires for it.
    long wired(String what, long address) {
        long bits = options.addressBits() == 64 ? -1L : (1L << options.addressBits()) - 1;
        if ((address & ~bits) != 0) {
            objection("%s has address 0x%x, of which the engine has %d bits", what, address, options.addressBits());
        }
        long low = options.addressAlignment() - 1L;
        if ((address & low) != 0) {
            objection(
                    "%s has address 0x%x, which is not aligned to %d bytes", what, address, options.addressAlignment());
        }
        return address & bits & ~low;
    }

    /// `byteCount` as far as the counter goes.
    int counted(String what, long byteCount) {
        int counted = (int) (byteCount & ((1L << options.counterBits()) - 1));
        if (byteCount == 0) {
            objection("%s is 0 bytes long", what);
        } else if (counted != byteCount) {
            objection(
                    "%s is %d bytes long; with %d bits of counter that is %d",
                    what, byteCount, options.counterBits(), counted);
        }
        return counted;
    }

    /// A buffer at `address` was written.
    void wrote(long address) {
        rewriter.wrote(address);
    }

    /// Something has happened, or, if `bits` is 0, has not.
    void raise(long bits) {
        seen &= ~(bits & ~status);
        status |= bits;
        if ((bits & mask) != 0 && (control & CONTROL_INTERRUPTS) != 0) {
            if (options.coalescePicos() == 0) {
                assertInterrupt();
            } else if (!coalesceAlarm.isPending()) {
                coalesceAlarm.in(options.coalescePicos());
            }
        }
    }

    private void assertInterrupt() {
        if (options.interruptsByEvent()) {
            host.interrupt(VECTOR, false);
            host.interrupt(VECTOR, true);
        } else {
            driveInterrupt(true);
        }
    }

    private void driveInterrupt(boolean mayAssert) {
        if (!isInterruptWanted()) {
            host.interrupt(VECTOR, false);
        } else if (mayAssert && !coalesceAlarm.isPending()) {
            host.interrupt(VECTOR, true);
        }
    }

    private boolean isInterruptWanted() {
        return (status & mask) != 0 && (control & CONTROL_INTERRUPTS) != 0;
    }

    private void clear(long bits) {
        long unseen = status & bits & ~seen;
        if (unseen != 0) {
            objection("bits 0x%x of STATUS are cleared, and nobody has seen them set", unseen);
        }
        status &= ~bits;
        driveInterrupt(false);
        if (!options.interruptsByEvent() && bits != 0 && isInterruptWanted()) {
            // A message says once what a wire says as long as it holds: what is left needs another.
            host.interrupt(VECTOR, false);
            driveInterrupt(true);
        }
    }

    private void remember() {
        if (isRestless) {
            // One after the other, whoever was there to hear the last.
            host.interrupt(VECTOR, false);
            raise(STATUS_LINK);
            restlessAlarm.in(options.restlessPicos());
        }
    }

    private void poll() {
        isLookDue = true;
        goOn();
    }

    /// Begins the next thing there is to do, if nothing is under way.
    private void goOn() {
        if (isOut || !steps.isIdle() || (control & CONTROL_RESET) != 0) {
            return;
        }
        if (operation.isWaiting()) {
            operation.begin();
        } else if (isRunning()) {
            if (ring.mayReceive()) {
                ring.receive();
            } else if (isPolling() ? isLookDue && !ring.isHeld() : ring.mayLook()) {
                isLookDue = false;
                ring.look();
            } else if (isPolling() && !pollAlarm.isPending()) {
                pollAlarm.in(options.pollPicos());
            }
        }
    }
}
