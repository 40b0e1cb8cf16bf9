package flyby.dmaengine;

import static flyby.sgdma.layout.SgRegisters.CHAIN;
import static flyby.sgdma.layout.SgRegisters.COMMAND;
import static flyby.sgdma.layout.SgRegisters.COMMAND_PAUSE;
import static flyby.sgdma.layout.SgRegisters.COMMAND_RESUME;
import static flyby.sgdma.layout.SgRegisters.COMMAND_START;
import static flyby.sgdma.layout.SgRegisters.COMMAND_TERMINATE;
import static flyby.sgdma.layout.SgRegisters.CONFIG;
import static flyby.sgdma.layout.SgRegisters.CONFIG_INTERRUPT;
import static flyby.sgdma.layout.SgRegisters.CONFIG_PRIORITY;
import static flyby.sgdma.layout.SgRegisters.CONFIG_UNCOUNTED;
import static flyby.sgdma.layout.SgRegisters.COUNT;
import static flyby.sgdma.layout.SgRegisters.ERROR_READ;
import static flyby.sgdma.layout.SgRegisters.ERROR_WRITE;
import static flyby.sgdma.layout.SgRegisters.EVENTS;
import static flyby.sgdma.layout.SgRegisters.FETCHED;
import static flyby.sgdma.layout.SgRegisters.KNOWN;
import static flyby.sgdma.layout.SgRegisters.PROGRESS;
import static flyby.sgdma.layout.SgRegisters.PROGRESS_DONE;
import static flyby.sgdma.layout.SgRegisters.PROGRESS_WRITTEN;
import static flyby.sgdma.layout.SgRegisters.RECORD;
import static flyby.sgdma.layout.SgRegisters.STATE_HALTED;
import static flyby.sgdma.layout.SgRegisters.STATE_IDLE;
import static flyby.sgdma.layout.SgRegisters.STATE_PAUSED;
import static flyby.sgdma.layout.SgRegisters.STATUS;
import static flyby.sgdma.layout.SgRegisters.STATUS_STATE;

import flyby.dmaengine.DmaResult.Outcome;
import flyby.kernel.Interrupts.Result;
import flyby.kernel.IoMemory;
import flyby.kernel.Kernel;
import flyby.kernel.Tasklet;
import flyby.sgdma.layout.SgRecord;
import flyby.sgdma.layout.SgRegisters;
import flyby.sim.Time;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What a channel's driver keeps: which transactions wait, which the engine has, which are done.
///
/// The chain in memory never ends: a new transaction is linked behind the last descriptor of the one before, and then
/// COUNT lets the engine have it. So the last descriptor of a transaction is not used again before the next is done.
final class ChannelQueue {
    /// How long the engine may take to stop: longer than a completion timeout of PCI Express.
    private static final long STOP_PICOS = 100 * Time.MILLISECOND;

    private static final long LOOK_PICOS = 500 * Time.NANOSECOND;

    /// How many failed cookies are remembered.
    private static final int FAILED_MAX = 64;

    private static final int SILENT_MAX = 8;

    private static final int NONE = -1;

    private final Kernel kernel;
    private final IoMemory registers;
    private final int index;
    private final DescriptorMemory memory;
    private final Tasklet tasklet;

    private final ArrayDeque<DmaDescriptor> submitted = new ArrayDeque<>();
    /// Issued, and not the engine's yet.
    private final ArrayDeque<DmaDescriptor> issued = new ArrayDeque<>();

    private final ArrayDeque<DmaDescriptor> active = new ArrayDeque<>();
    /// Terminated, and perhaps still the engine's.
    private final List<DmaDescriptor> terminated = new ArrayList<>();

    private final TreeSet<Integer> failed = new TreeSet<>();

    private int lastCookie;
    private int completedCookie;
    /// Whether the engine follows a chain.
    private boolean isStarted;

    private boolean isPaused;
    /// Whether it was told to terminate, and nobody has seen that it did.
    private boolean isTerminating;

    private int priority;
    /// The last descriptor that the engine was given; what comes next is linked behind it.
    private int tail = NONE;
    /// The last descriptor of the transaction that was done last: what is behind it may not have been fetched, and then
    /// the engine reads the link in it once more.
    private int held = NONE;

    private int issuedCount;
    private int knownCount;
    /// Interrupts since the record last said something new.
    private int silentCount;

    private long doorbellCount;
    private long interruptCount;

    ChannelQueue(Kernel kernel, IoMemory registers, int index, DescriptorMemory memory) {
        this.kernel = kernel;
        this.registers = registers;
        this.index = index;
        this.memory = memory;
        tasklet = new Tasklet(kernel, this::update);
    }

    long doorbellCount() {
        return doorbellCount;
    }

    long interruptCount() {
        return interruptCount;
    }

    long fetchedCount() {
        return read(FETCHED);
    }

    private void write(int register, long value) {
        registers.write32(SgRegisters.at(index, register), value);
    }

    private long read(int register) {
        return registers.read32(SgRegisters.at(index, register));
    }

    int submit(DmaDescriptor descriptor) {
        descriptor.cookie = ++lastCookie;
        submitted.add(descriptor);
        return descriptor.cookie;
    }

    void issuePending() {
        boolean flags = lock();
        if (isTerminating) {
            synchronize();
        }
        issued.addAll(submitted);
        submitted.clear();
        issue();
        unlock(flags);
    }

    /// Keeps the tasklet out: it links and frees, too. `spin_lock_irqsave`.
    private boolean lock() {
        return kernel.cpu().saveInterrupts();
    }

    private void unlock(boolean flags) {
        kernel.cpu().restoreInterrupts(flags);
    }

    /// Places for `count` descriptors, or null.
    int @Nullable [] take(int count) {
        boolean flags = lock();
        int[] slots = memory.take(count);
        unlock(flags);
        return slots;
    }

    /// Gives the engine what it can take of what was issued.
    private void issue() {
        boolean isMore = false;
        while (!issued.isEmpty() && !isTerminating) {
            boolean isCyclic = issued.element().isCyclic;
            boolean hasCyclic = !active.isEmpty() && active.element().isCyclic;
            if (hasCyclic || (isCyclic && !active.isEmpty())) {
                break;
            }
            if (isCyclic && isStarted) {
                stop();
            }
            DmaDescriptor descriptor = issued.remove();
            descriptor.firstCount = issuedCount;
            issuedCount += descriptor.slots.length;
            if (isStarted) {
                append(descriptor);
                isMore = true;
                active.add(descriptor);
            } else {
                active.add(descriptor);
                start(descriptor);
                isMore = false;
            }
        }
        if (isMore) {
            // An ordered write: the engine does not see the count before the links and what they lead to.
            write(COUNT, issuedCount);
            doorbellCount++;
        }
    }

    private void append(DmaDescriptor descriptor) {
        // What the link leads to must be there before the link: the engine may be reading it.
        kernel.cpu().dmaWriteBarrier();
        memory.link(tail, descriptor.slots[0]);
        tail = descriptor.slots[descriptor.slots.length - 1];
    }

    /// The engine is idle: it gets a chain of its own.
    private void start(DmaDescriptor descriptor) {
        isStarted = true;
        isPaused = false;
        knownCount = 0;
        issuedCount = descriptor.slots.length;
        descriptor.firstCount = 0;
        tail = descriptor.slots[descriptor.slots.length - 1];
        memory.clearProgress();
        registers.write64(SgRegisters.at(index, CHAIN), memory.address(descriptor.slots[0]));
        registers.write64(SgRegisters.at(index, RECORD), memory.record());
        write(CONFIG, config() | (descriptor.isCyclic ? CONFIG_UNCOUNTED.mask() : 0));
        write(COUNT, issuedCount);
        write(COMMAND, COMMAND_START.mask());
        doorbellCount++;
    }

    private long config() {
        return CONFIG_INTERRUPT.mask() | CONFIG_PRIORITY.to(priority);
    }

    void setPriority(int newPriority) {
        priority = newPriority;
        // What cannot be changed while it runs keeps its value.
        write(CONFIG, config());
    }

    Result interrupt() {
        interruptCount++;
        silentCount++;
        tasklet.schedule();
        return Result.HANDLED;
    }

    /// What the record tells: whose turn it is to be called back. In a tasklet.
    private void update() {
        boolean flags = lock();
        List<Runnable> calls = look();
        if (isStarted) {
            write(KNOWN, knownCount);
        }
        issue();
        unlock(flags);
        calls.forEach(Runnable::run);
    }

    private List<Runnable> look() {
        List<Runnable> calls = new ArrayList<>();
        if (!isStarted || isTerminating) {
            return calls;
        }
        long progress = progress();
        // What the engine has written before the record is looked at only now.
        kernel.cpu().dmaReadBarrier();
        int done = (int) SgRecord.DONE.of(progress);
        if (!active.isEmpty() && active.element().isCyclic) {
            periods(active.element(), done, calls);
        }
        knownCount = done;
        while (!active.isEmpty()
                && !active.element().isCyclic
                && done - active.element().endCount() >= 0) {
            DmaDescriptor over = active.remove();
            completedCookie = over.cookie;
            free(over);
            call(calls, over.callback, new DmaResult(Outcome.NOERROR, 0));
        }
        if (SgRecord.STATE.of(progress) == STATE_HALTED) {
            halted(progress, done, calls);
        }
        return calls;
    }

    /// What the record says, or the registers if it has not been the record that so many interrupts were about: then
    /// its write got lost, and the engine goes on interrupting until it hears that its count is known.
    private long progress() {
        long told = memory.progress();
        boolean isNews = (int) SgRecord.DONE.of(told) - knownCount > 0 || SgRecord.STATE.of(told) == STATE_HALTED;
        silentCount = isNews ? 0 : silentCount;
        if (silentCount > SILENT_MAX) {
            silentCount = 0;
            long done = PROGRESS_DONE.of(registers.read64(SgRegisters.at(index, PROGRESS)));
            return SgRecord.DONE.with(told, done);
        }
        return isNews ? told : SgRecord.DONE.with(told, knownCount & 0xffff_ffffL);
    }

    private void periods(DmaDescriptor cyclic, int done, List<Runnable> calls) {
        // As many interrupts as there were, one call: clients look where they are.
        if (done != knownCount) {
            call(calls, cyclic.callback, new DmaResult(Outcome.NOERROR, 0));
        }
    }

    private static void call(List<Runnable> calls, @Nullable Consumer<DmaResult> callback, DmaResult result) {
        if (callback != null) {
            calls.add(() -> callback.accept(result));
        }
    }

    /// All but the last of its descriptors are free; the engine may have to read the link in that one again.
    private void free(DmaDescriptor over) {
        giveHeld();
        for (int i = 0; i < over.slots.length - 1; i++) {
            memory.give(over.slots[i]);
        }
        held = over.slots[over.slots.length - 1];
    }

    private void giveHeld() {
        if (held != NONE) {
            memory.give(held);
            held = NONE;
        }
    }

    /// The engine has met an error: the transaction that has it is over, and those behind it begin anew.
    private void halted(long progress, int done, List<Runnable> calls) {
        long written = PROGRESS_WRITTEN.of(registers.read64(SgRegisters.at(index, PROGRESS)));
        DmaDescriptor bad = active.poll();
        stop();
        if (bad != null) {
            Outcome outcome = switch ((int) SgRecord.ERROR.of(progress)) {
                case ERROR_READ -> Outcome.READ_FAILED;
                case ERROR_WRITE -> Outcome.WRITE_FAILED;
                default -> Outcome.ABORTED;
            };
            completedCookie = bad.cookie;
            failed.add(bad.cookie);
            if (failed.size() > FAILED_MAX) {
                failed.pollFirst();
            }
            long residue = bad.residue(done - bad.firstCount, written);
            for (int slot : bad.slots) {
                memory.give(slot);
            }
            call(calls, bad.callback, new DmaResult(outcome, residue));
        }
        // They are linked from the first to the last still.
        List<DmaDescriptor> rest = new ArrayList<>(active);
        active.clear();
        rest.reversed().forEach(issued::addFirst);
    }

    /// The engine follows no chain any more.
    ///
    /// @return 0, or -ETIMEDOUT
    private int stop() {
        quiet(COMMAND_TERMINATE.mask());
        int error = waitFor(STATE_IDLE);
        stopped();
        return error;
    }

    private void stopped() {
        write(EVENTS, -1);
        write(KNOWN, PROGRESS_DONE.of(registers.read64(SgRegisters.at(index, PROGRESS))));
        giveHeld();
        tail = NONE;
        isStarted = false;
        isPaused = false;
        issuedCount = 0;
    }

    private int waitFor(int state) {
        return kernel.poll(() -> STATUS_STATE.of(read(STATUS)) == state, LOOK_PICOS, STOP_PICOS);
    }

    /// Gives a command whose end is looked for: no interrupt tells of it.
    private void quiet(long command) {
        write(CONFIG, config() & ~CONFIG_INTERRUPT.mask());
        write(COMMAND, command);
    }

    int pause() {
        if (!isStarted) {
            return 0;
        }
        quiet(COMMAND_PAUSE.mask());
        isPaused = true;
        int error = kernel.poll(this::standsStill, LOOK_PICOS, STOP_PICOS);
        write(EVENTS, SgRegisters.EVENTS_PAUSED.mask());
        write(CONFIG, config());
        return error;
    }

    private boolean standsStill() {
        long state = STATUS_STATE.of(read(STATUS));
        return state == STATE_PAUSED || state == STATE_HALTED || state == STATE_IDLE;
    }

    int resume() {
        if (isStarted && isPaused) {
            isPaused = false;
            write(COMMAND, COMMAND_RESUME.mask());
        }
        return 0;
    }

    void terminateAsync() {
        boolean flags = lock();
        terminated.addAll(active);
        terminated.addAll(issued);
        terminated.addAll(submitted);
        active.clear();
        issued.clear();
        submitted.clear();
        completedCookie = lastCookie;
        if (isStarted) {
            isTerminating = true;
            quiet(COMMAND_TERMINATE.mask());
        }
        unlock(flags);
    }

    int synchronize() {
        int error = 0;
        if (isTerminating) {
            error = waitFor(STATE_IDLE);
            if (error != 0) {
                return error;
            }
        }
        boolean flags = lock();
        if (isTerminating) {
            isTerminating = false;
            stopped();
        }
        for (DmaDescriptor over : terminated) {
            for (int slot : over.slots) {
                memory.give(slot);
            }
        }
        terminated.clear();
        unlock(flags);
        return error;
    }

    TxState txStatus(int cookie) {
        // As an interrupt would: a client that polls needs none.
        boolean flags = lock();
        List<Runnable> calls = look();
        issue();
        TxState state = stateOf(cookie);
        unlock(flags);
        calls.forEach(Runnable::run);
        return state;
    }

    private TxState stateOf(int cookie) {
        if (failed.contains(cookie)) {
            return new TxState(DmaStatus.ERROR, 0);
        }
        if (cookie - completedCookie <= 0) {
            return new TxState(DmaStatus.COMPLETE, 0);
        }
        DmaStatus status = isPaused ? DmaStatus.PAUSED : DmaStatus.IN_PROGRESS;
        for (ArrayDeque<DmaDescriptor> waiting : List.of(submitted, issued)) {
            for (DmaDescriptor each : waiting) {
                if (each.cookie == cookie) {
                    return new TxState(DmaStatus.IN_PROGRESS, each.byteCount());
                }
            }
        }
        for (DmaDescriptor each : active) {
            if (each.cookie == cookie) {
                return new TxState(status, residue(each));
            }
        }
        return new TxState(DmaStatus.COMPLETE, 0);
    }

    private long residue(DmaDescriptor descriptor) {
        long progress = registers.read64(SgRegisters.at(index, PROGRESS));
        int done = (int) PROGRESS_DONE.of(progress) - descriptor.firstCount;
        long written = PROGRESS_WRITTEN.of(progress);
        if (descriptor.isCyclic) {
            return descriptor.residue(Integer.remainderUnsigned(done, descriptor.slots.length), written);
        }
        if (done < 0) {
            return descriptor.byteCount();
        }
        return descriptor.residue(Math.min(done, descriptor.slots.length), written);
    }

    /// Nothing is called back any more.
    void remove() {
        tasklet.kill();
    }
}
