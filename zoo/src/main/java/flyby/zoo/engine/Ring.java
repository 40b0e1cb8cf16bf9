package flyby.zoo.engine;

import static flyby.zoo.engine.EngineRegisters.CONTROL_DONE;
import static flyby.zoo.engine.EngineRegisters.CONTROL_EVENT;
import static flyby.zoo.engine.EngineRegisters.CONTROL_FAILED;
import static flyby.zoo.engine.EngineRegisters.CONTROL_FINAL;
import static flyby.zoo.engine.EngineRegisters.CONTROL_FIRST;
import static flyby.zoo.engine.EngineRegisters.CONTROL_LAST;
import static flyby.zoo.engine.EngineRegisters.CONTROL_LOW_HALF;
import static flyby.zoo.engine.EngineRegisters.CONTROL_MAGIC;
import static flyby.zoo.engine.EngineRegisters.CONTROL_OWN;
import static flyby.zoo.engine.EngineRegisters.CONTROL_WRITE;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_ADDRESS;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_BYTES;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_CONTROL;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_ID;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_LENGTH;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_RESULT;
import static flyby.zoo.engine.EngineRegisters.STATUS_ERROR;
import static flyby.zoo.engine.EngineRegisters.STATUS_RECEIVED;
import static flyby.zoo.engine.EngineRegisters.STATUS_SENT;

import flyby.base.LittleEndian;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// The ring of descriptors, as far as the engine is with it.
final class Ring {
    /// A descriptor as it was read.
    ///
    /// @param start how often the engine had been started
    private record Descriptor(int start, long index, long address, long length, long control, long id) {
        static Descriptor of(int start, long index, byte[] bytes) {
            return new Descriptor(
                    start,
                    index,
                    LittleEndian.get(bytes, DESCRIPTOR_ADDRESS, 8),
                    LittleEndian.get(bytes, DESCRIPTOR_LENGTH, 4),
                    LittleEndian.get(bytes, DESCRIPTOR_CONTROL, 4),
                    LittleEndian.get(bytes, DESCRIPTOR_ID, 4));
        }

        boolean has(long bit) {
            return (control & bit) != 0;
        }

        @Override
        public String toString() {
            return "descriptor " + index;
        }
    }

    private static final byte[] NOTHING = {};

    private final Engine engine;
    private final EngineOptions options;
    private final Steps steps;
    private final CompletionQueue queue;
    private final Wire wire;

    long base;
    long size = 1;
    long tail;
    long head;
    long bufferBytes;
    /// Whether software has said where it is.
    boolean isPlaced;

    /// Read ahead.
    private final Deque<Descriptor> ahead = new ArrayDeque<>();
    /// Waits for something to come in.
    private @Nullable Descriptor waiting;
    /// What of a packet was read so far.
    private byte[] packet = NOTHING;

    private boolean isInPacket;
    /// The descriptor at the head was not the engine's.
    private boolean isSuspended;

    private int starts;

    Ring(Engine engine, EngineOptions options, Steps steps, CompletionQueue queue, Wire wire) {
        this.engine = engine;
        this.options = options;
        this.steps = steps;
        this.queue = queue;
        this.wire = wire;
    }

    void reset() {
        base = 0;
        size = 1;
        bufferBytes = 0;
        isPlaced = false;
        head = 0;
        stop();
    }

    void start() {
        starts++;
        head = 0;
        isSuspended = false;
    }

    /// What was read but not begun is forgotten.
    void stop() {
        tail = 0;
        ahead.clear();
        waiting = null;
        packet = NOTHING;
        isInPacket = false;
        isSuspended = false;
    }

    /// How many descriptors software has handed over, as far as the doorbell tells.
    private long outstanding() {
        return Math.floorMod(tail - head, size);
    }

    /// The doorbell.
    void ring(long index) {
        if (index >= size) {
            engine.objection("TAIL is set to %d of a ring of %d", index, size);
            return;
        }
        long more = Math.floorMod(index - tail, size);
        if (engine.isRunning() && more == 0) {
            engine.objection("TAIL is set to %d, where it is: an empty chain", index);
        } else if (outstanding() + more >= size) {
            engine.objection(
                    "TAIL goes from %d to %d, over HEAD at %d: descriptors under way are overwritten",
                    tail, index, head);
        }
        tail = index;
        isSuspended = false;
    }

    /// Whether nothing keeps the engine from looking at the ring now. If it polls, that it does every so often.
    boolean mayLook() {
        return !isSuspended && waiting == null && (outstanding() > 0 || !ahead.isEmpty());
    }

    /// Whether a descriptor waits for a packet.
    boolean isHeld() {
        return waiting != null;
    }

    /// Whether a packet came in that a descriptor waits for.
    boolean mayReceive() {
        return waiting != null && wire.hasIncoming();
    }

    void receive() {
        Descriptor now = waiting;
        waiting = null;
        if (now != null) {
            work(now);
        }
    }

    /// Fetches the descriptor at the head, and does what it says.
    void look() {
        Descriptor next = ahead.poll();
        if (next != null) {
            begin(next);
        } else if (options.splitFetchPicos() > 0) {
            steps.after(options.accessPicos(), this::fetchInTwo);
        } else {
            steps.after(options.accessPicos(), this::fetch);
        }
    }

    private long place(long index) {
        return base + index * DESCRIPTOR_BYTES;
    }

    private void fetch() {
        int count = options.prefetchCount();
        // Those behind the doorbell are read as well, and not looked at.
        long known = engine.isPolling() ? 1 : Math.min(Math.min(count, outstanding()), size - head);
        steps.read("descriptor " + head, place(head), count * DESCRIPTOR_BYTES, (bytes, isWell) -> {
            if (!isWell) {
                fetchFailed();
                return;
            }
            for (int i = 0; i < known; i++) {
                byte[] one = Arrays.copyOfRange(bytes, i * DESCRIPTOR_BYTES, (i + 1) * DESCRIPTOR_BYTES);
                ahead.addLast(Descriptor.of(starts, head + i, one));
            }
            Descriptor first = ahead.poll();
            if (first != null) {
                begin(first);
            }
        });
    }

    private void fetchInTwo() {
        String what = "descriptor " + head;
        steps.read(what, place(head), DESCRIPTOR_RESULT, (early, isWell) -> {
            if (!isWell) {
                fetchFailed();
                return;
            }
            steps.after(
                    options.splitFetchPicos(),
                    () -> steps.read("rest of " + what, place(head), DESCRIPTOR_BYTES, (whole, isWhole) -> {
                        if (isWhole) {
                            join(early, whole);
                        } else {
                            fetchFailed();
                        }
                    }));
        });
    }

    /// The engine has the first words as they were; it reads them again only to be able to say so.
    private void join(byte[] early, byte[] whole) {
        Descriptor late = Descriptor.of(starts, head, whole);
        boolean isSame = Arrays.equals(early, 0, DESCRIPTOR_RESULT, whole, 0, DESCRIPTOR_RESULT);
        if (late.has(CONTROL_OWN) && !isSame) {
            engine.objection(
                    "descriptor %d was changed while it was fetched: address 0x%x, and with the control word 0x%x",
                    head, LittleEndian.get(early, DESCRIPTOR_ADDRESS, 8), late.address());
        }
        System.arraycopy(early, 0, whole, 0, DESCRIPTOR_RESULT);
        begin(Descriptor.of(starts, head, whole));
    }

    private void fetchFailed() {
        isSuspended = true;
        engine.raise(STATUS_ERROR);
    }

    private void begin(Descriptor descriptor) {
        if (!engine.isRunning()) {
            return;
        }
        if (!descriptor.has(CONTROL_OWN)) {
            notOwned(descriptor);
            return;
        }
        if (options.checksMagic() && (descriptor.control() & CONTROL_LOW_HALF) != CONTROL_MAGIC) {
            engine.objection("%s has control word 0x%x: no descriptor", descriptor, descriptor.control());
            report(descriptor, 0, false);
            return;
        }
        if (!descriptor.has(CONTROL_WRITE) && descriptor.has(CONTROL_FIRST) == isInPacket) {
            engine.objection(
                    "%s has control word 0x%x: %s",
                    descriptor,
                    descriptor.control(),
                    isInPacket ? "a packet begins within a packet" : "a packet begins without FIRST");
        }
        if (descriptor.has(CONTROL_WRITE) && !wire.hasIncoming()) {
            waiting = descriptor;
        } else {
            work(descriptor);
        }
    }

    private void notOwned(Descriptor descriptor) {
        ahead.clear();
        if (engine.isPolling() && !isInPacket) {
            return;
        }
        engine.objection(
                "%s is not the engine's: control word 0x%x%s",
                descriptor, descriptor.control(), isInPacket ? ", within a packet" : "");
        isSuspended = !engine.isPolling();
        packet = NOTHING;
        isInPacket = false;
        engine.raise(STATUS_ERROR);
    }

    private void work(Descriptor descriptor) {
        long wanted = descriptor.length() == 0 ? bufferBytes : descriptor.length();
        int length = engine.counted(descriptor.toString(), wanted);
        long address = engine.wired(descriptor.toString(), descriptor.address());
        if (length == 0) {
            report(descriptor, 0, true);
        } else if (descriptor.has(CONTROL_WRITE)) {
            byte[] bytes = wire.take(options.isShort() ? (length + 1) >> 1 : length);
            steps.after(
                    options.operationPicos(),
                    () -> steps.write("data of " + descriptor, address, bytes, (_, isWell) -> {
                        engine.wrote(address);
                        report(descriptor, bytes.length, isWell);
                    }));
        } else {
            steps.after(
                    options.operationPicos(),
                    () -> steps.read("data of " + descriptor, address, length, (bytes, isWell) -> {
                        send(descriptor, bytes);
                        report(descriptor, bytes.length, isWell);
                    }));
        }
    }

    private void send(Descriptor descriptor, byte[] bytes) {
        byte[] longer = Arrays.copyOf(packet, packet.length + bytes.length);
        System.arraycopy(bytes, 0, longer, packet.length, bytes.length);
        isInPacket = !descriptor.has(CONTROL_LAST);
        if (isInPacket) {
            packet = longer;
        } else {
            packet = NOTHING;
            wire.goesOut(longer);
        }
    }

    private void report(Descriptor descriptor, int byteCount, boolean isWell) {
        long control = (descriptor.control() & ~(CONTROL_OWN | CONTROL_FAILED)) | CONTROL_DONE;
        long outcome = isWell ? control : control | CONTROL_FAILED;
        byte[] bytes = new byte[8];
        LittleEndian.put(byteCount, bytes, 0, 4);
        LittleEndian.put(outcome, bytes, DESCRIPTOR_CONTROL - DESCRIPTOR_RESULT, 4);
        String what = "report in " + descriptor;
        long at = place(descriptor.index());
        Runnable then = () -> reported(descriptor, outcome, byteCount, isWell);
        if (options.splitReportPicos() == 0) {
            steps.after(
                    options.accessPicos(),
                    () -> steps.write(what, at + DESCRIPTOR_RESULT, bytes, (_, _) -> then.run()));
            return;
        }
        byte[] body = Arrays.copyOf(bytes, 4);
        byte[] last = Arrays.copyOfRange(bytes, 4, 8);
        steps.after(
                options.accessPicos(),
                () -> steps.write(
                        what,
                        at + DESCRIPTOR_RESULT,
                        body,
                        (_, _) -> steps.after(
                                options.splitReportPicos(),
                                () -> steps.write(
                                        "control word of " + descriptor,
                                        at + DESCRIPTOR_CONTROL,
                                        last,
                                        (_, _) -> then.run()))));
    }

    private void reported(Descriptor descriptor, long outcome, int byteCount, boolean isWell) {
        if (descriptor.start() == starts) {
            head = (head + 1) % size;
        }
        if (options.restatePicos() > 0) {
            byte[] again = new byte[4];
            LittleEndian.put(outcome | CONTROL_FINAL, again, 0, 4);
            long at = place(descriptor.index()) + DESCRIPTOR_CONTROL;
            steps.after(
                    options.restatePicos(),
                    () -> steps.write(
                            "control word of " + descriptor,
                            at,
                            again,
                            (_, _) -> complete(descriptor, byteCount, isWell)));
        } else {
            complete(descriptor, byteCount, isWell);
        }
    }

    private void complete(Descriptor descriptor, int byteCount, boolean isWell) {
        Runnable then = () -> tell(descriptor, isWell);
        if (!engine.hasQueue()) {
            then.run();
        } else {
            steps.after(options.accessPicos(), () -> queueUp(descriptor, byteCount, isWell, then));
        }
    }

    private void queueUp(Descriptor descriptor, int byteCount, boolean isWell, Runnable then) {
        if (queue.isFull()) {
            steps.after(options.pollPicos(), () -> queueUp(descriptor, byteCount, isWell, then));
        } else {
            queue.write(descriptor.id(), byteCount, isWell, then);
        }
    }

    private void tell(Descriptor descriptor, boolean isWell) {
        long event = descriptor.has(CONTROL_WRITE) ? STATUS_RECEIVED : STATUS_SENT;
        engine.raise((descriptor.has(CONTROL_EVENT) ? event : 0) | (isWell ? 0 : STATUS_ERROR));
    }
}
