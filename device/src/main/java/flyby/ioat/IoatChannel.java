package flyby.ioat;

import static flyby.ioat.layout.IoatChannelRegisters.CHAIN_ADDRESS;
import static flyby.ioat.layout.IoatChannelRegisters.COMMAND;
import static flyby.ioat.layout.IoatChannelRegisters.COMMAND_RESET;
import static flyby.ioat.layout.IoatChannelRegisters.COMMAND_SUSPEND;
import static flyby.ioat.layout.IoatChannelRegisters.COMPATIBILITY_VALUE;
import static flyby.ioat.layout.IoatChannelRegisters.COMPLETION_ADDRESS;
import static flyby.ioat.layout.IoatChannelRegisters.CONTROL;
import static flyby.ioat.layout.IoatChannelRegisters.CONTROL_ANY_ERROR_ABORT;
import static flyby.ioat.layout.IoatChannelRegisters.CONTROL_COMPLETION_DCA;
import static flyby.ioat.layout.IoatChannelRegisters.CONTROL_ERROR_COMPLETION;
import static flyby.ioat.layout.IoatChannelRegisters.CONTROL_ERROR_INTERRUPT;
import static flyby.ioat.layout.IoatChannelRegisters.CONTROL_INTERRUPT_DISABLE;
import static flyby.ioat.layout.IoatChannelRegisters.CONTROL_IN_USE;
import static flyby.ioat.layout.IoatChannelRegisters.CONTROL_SNOOP;
import static flyby.ioat.layout.IoatChannelRegisters.CURRENT;
import static flyby.ioat.layout.IoatChannelRegisters.DCA_CONTROL;
import static flyby.ioat.layout.IoatChannelRegisters.ERROR;
import static flyby.ioat.layout.IoatChannelRegisters.ERROR_ALIGNMENT;
import static flyby.ioat.layout.IoatChannelRegisters.ERROR_CHAIN_ADDRESS;
import static flyby.ioat.layout.IoatChannelRegisters.ERROR_COMPLETION_ADDRESS;
import static flyby.ioat.layout.IoatChannelRegisters.ERROR_CONTROL;
import static flyby.ioat.layout.IoatChannelRegisters.ERROR_INTEGRITY;
import static flyby.ioat.layout.IoatChannelRegisters.ERROR_LENGTH;
import static flyby.ioat.layout.IoatChannelRegisters.ERROR_MASK;
import static flyby.ioat.layout.IoatChannelRegisters.ERROR_NEXT_ADDRESS;
import static flyby.ioat.layout.IoatChannelRegisters.ERROR_READ;
import static flyby.ioat.layout.IoatChannelRegisters.ERROR_WRITE;
import static flyby.ioat.layout.IoatChannelRegisters.STATE_ACTIVE;
import static flyby.ioat.layout.IoatChannelRegisters.STATE_DONE;
import static flyby.ioat.layout.IoatChannelRegisters.STATE_HALTED;
import static flyby.ioat.layout.IoatChannelRegisters.STATE_SUSPENDED;
import static flyby.ioat.layout.IoatChannelRegisters.STATUS;

import flyby.base.LittleEndian;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.bus.Transaction.Tenure;
import flyby.ioat.layout.IoatDescriptor;
import flyby.sim.Alarm;
import flyby.trace.Trace;
import flyby.transfer.Copier;
import flyby.transfer.Copier.Outcome;

/// One channel: its registers, and the chain that it follows.
final class IoatChannel {
    /// So much work is done in one event; the rest waits for an alarm.
    private static final int BURST_DESCRIPTORS = 64;

    private static final long BREATH_PICOS = 1_000;
    private static final int COUNT_MASK = 0xffff;
    private static final int COUNT_SHIFT = 16;
    private static final long DESCRIPTOR_ALIGNMENT = IoatDescriptor.BYTES - 1;
    private static final long CONTROL_BITS = CONTROL_ERROR_COMPLETION.mask()
            | CONTROL_ANY_ERROR_ABORT.mask()
            | CONTROL_ERROR_INTERRUPT.mask()
            | CONTROL_SNOOP.mask()
            | CONTROL_IN_USE.mask()
            | CONTROL_COMPLETION_DCA.mask();

    /// What is to be done next with the descriptor at hand.
    private enum Phase {
        FETCH,
        EXECUTE,
        COMPLETE,
        RETIRE,
        /// The completion that tells of an error is written.
        TELL
    }

    private final DeviceHost host;
    private final int index;
    private final IoatProfile profile;
    private final IoatInterrupts interrupts;
    private final Copier copier;
    private final Transaction fetch =
            new Transaction(Transaction.Owner.saying("fetch of a descriptor", this::fetched), IoatDescriptor.BYTES);
    private final Transaction completion =
            new Transaction(Transaction.Owner.saying("completion of a channel", this::completionWritten), Long.BYTES);
    private final Alarm breath;
    private final Trace trace;
    private final int track;
    private final int doneName;

    private long control;
    private int count;
    private long chainAddress;
    private long completionAddress;
    private long current;
    private long error;
    private long errorMask;
    private long dcaControl;
    private long completed;
    private int state;

    /// CHAINADDR was written, and COUNT not yet.
    private boolean isChainNew;
    /// The next descriptor is the first of its chain.
    private boolean isFirst;

    private boolean hasChain;
    private long next;
    /// How many of COUNT are done.
    private int doneCount;

    private Phase phase = Phase.FETCH;
    private long transfer;
    private boolean isSuspending;
    private boolean isResetting;
    private boolean isFetchStale;
    private boolean isCompletionStale;
    private boolean isStepping;
    private boolean isStepDue;

    IoatChannel(DeviceHost host, String name, int index, IoatProfile profile, IoatInterrupts interrupts) {
        this.host = host;
        this.index = index;
        this.profile = profile;
        this.interrupts = interrupts;
        copier = new Copier(host, name, profile.copies(), this::copied);
        breath = host.alarm(name + " goes on", this::step);
        trace = host.trace();
        track = trace.track(name, "descriptors");
        doneName = trace.name("descriptor done");
    }

    void reset() {
        breath.cancel();
        copier.reset();
        isFetchStale = !fetch.isFree();
        isCompletionStale = !completion.isFree();
        clear();
    }

    private void clear() {
        interrupts.reset(index);
        control = 0;
        count = 0;
        chainAddress = 0;
        completionAddress = 0;
        current = 0;
        error = 0;
        errorMask = 0;
        dcaControl = 0;
        completed = 0;
        state = STATE_HALTED;
        isChainNew = false;
        hasChain = false;
        doneCount = 0;
        phase = Phase.FETCH;
        isSuspending = false;
        isResetting = false;
    }

    // Registers.

    long read(int register, long mask) {
        return switch (register) {
            case CONTROL -> readControl(mask) | ((long) COMPATIBILITY_VALUE << 16);
            case COMMAND -> COMMAND_RESET.to(isResetting ? 1 : 0) | ((long) count << COUNT_SHIFT);
            case STATUS -> low(status(state));
            case STATUS + 4 -> high(status(state));
            case CHAIN_ADDRESS -> low(chainAddress);
            case CHAIN_ADDRESS + 4 -> high(chainAddress);
            case COMPLETION_ADDRESS -> low(completionAddress);
            case COMPLETION_ADDRESS + 4 -> high(completionAddress);
            case CURRENT -> low(current);
            case CURRENT + 4 -> high(current);
            case ERROR -> error;
            case ERROR_MASK -> errorMask;
            case DCA_CONTROL -> dcaControl;
            default -> Device.ABSENT;
        };
    }

    private long readControl(long mask) {
        long value = control | CONTROL_INTERRUPT_DISABLE.to(interrupts.isDisabled(index) ? 1 : 0);
        if (CONTROL_IN_USE.isSet(mask)) {
            control |= CONTROL_IN_USE.mask();
        }
        return value;
    }

    private long status(int inState) {
        return completed | inState;
    }

    private static long low(long value) {
        return value & 0xffff_ffffL;
    }

    private static long high(long value) {
        return value >>> 32;
    }

    void write(int register, long bits, long mask) {
        switch (register) {
            case CONTROL -> {
                control = ((control & ~mask) | bits) & CONTROL_BITS;
                if (CONTROL_INTERRUPT_DISABLE.isSet(bits)) {
                    interrupts.rearm(index);
                }
            }
            case COMMAND -> {
                command(bits);
                if (mask >> COUNT_SHIFT != 0) {
                    long merged = (((long) count << COUNT_SHIFT) & ~mask) | bits;
                    count = (int) (merged >> COUNT_SHIFT) & COUNT_MASK;
                    given();
                }
            }
            case CHAIN_ADDRESS, CHAIN_ADDRESS + 4 -> {
                chainAddress = merge(chainAddress, register - CHAIN_ADDRESS, bits, mask);
                isChainNew = true;
            }
            case COMPLETION_ADDRESS, COMPLETION_ADDRESS + 4 ->
                completionAddress = merge(completionAddress, register - COMPLETION_ADDRESS, bits, mask) & -Long.BYTES;
            case ERROR -> error &= ~bits;
            case ERROR_MASK -> errorMask = (errorMask & ~mask) | bits;
            case DCA_CONTROL -> dcaControl = (dcaControl & ~mask) | bits;
            default -> {
                // The others can only be read, and between them there is nothing.
            }
        }
    }

    private static long merge(long value, int byteOffset, long bits, long mask) {
        int shift = 8 * byteOffset;
        return (value & ~(mask << shift)) | (bits << shift);
    }

    private void command(long bits) {
        if (COMMAND_RESET.isSet(bits)) {
            isResetting = true;
            copier.stop();
        } else if (COMMAND_SUSPEND.isSet(bits) && state == STATE_ACTIVE) {
            isSuspending = true;
        } else if (COMMAND_SUSPEND.isSet(bits) && state == STATE_DONE) {
            state = STATE_SUSPENDED;
        }
        step();
    }

    /// COUNT was written.
    private void given() {
        boolean hasErred = state == STATE_HALTED && error != 0;
        if (isResetting || hasErred || phase == Phase.TELL) {
            return;
        }
        if (isChainNew && state != STATE_ACTIVE) {
            isChainNew = false;
            hasChain = true;
            isFirst = true;
            next = chainAddress;
            doneCount = 0;
            completed = 0;
        }
        isSuspending = false;
        if (state != STATE_ACTIVE && count != doneCount) {
            state = STATE_ACTIVE;
            transfer = host.currentTransfer();
        }
        step();
    }

    // The chain.

    /// Something has changed: does what can be done now.
    private void step() {
        isStepDue = true;
        if (isStepping) {
            // A host completed something in the very call that submitted it.
            return;
        }
        isStepping = true;
        int burst = 0;
        while (isStepDue && burst < BURST_DESCRIPTORS * Phase.values().length) {
            isStepDue = false;
            burst++;
            advance();
        }
        isStepping = false;
        if (isStepDue) {
            // A chain may be a ring, and its count is whatever software says.
            breath.in(BREATH_PICOS);
        }
    }

    private void advance() {
        if (!fetch.isFree() || copier.isUnderWay() || !completion.isFree()) {
            return;
        }
        if (isResetting) {
            clear();
            return;
        }
        switch (phase) {
            case FETCH -> fetch();
            case EXECUTE -> execute();
            case COMPLETE -> complete();
            case RETIRE -> retire();
            case TELL -> tell();
        }
    }

    private void to(Phase newPhase) {
        phase = newPhase;
        step();
    }

    private void fetch() {
        if (state != STATE_ACTIVE) {
            return;
        }
        if (isSuspending) {
            isSuspending = false;
            state = STATE_SUSPENDED;
        } else if (count == doneCount) {
            state = STATE_DONE;
        } else if (!hasChain) {
            halt(ERROR_CHAIN_ADDRESS.mask());
        } else if ((next & DESCRIPTOR_ALIGNMENT) != 0) {
            halt(ERROR_ALIGNMENT.mask());
        } else {
            current = next;
            fetch.begin(Kind.READ, next, IoatDescriptor.BYTES, Tenure.RELEASE, transfer);
            host.submit(fetch);
        }
    }

    private void fetched(Transaction done, Status status) {
        if (isFetchStale) {
            isFetchStale = false;
            step();
        } else if (isResetting) {
            step();
        } else if (status != Status.SUCCESS) {
            halt(isFirst ? ERROR_CHAIN_ADDRESS.mask() : ERROR_NEXT_ADDRESS.mask());
        } else {
            next = field(IoatDescriptor.NEXT, 8);
            isFirst = false;
            to(Phase.EXECUTE);
        }
    }

    private long field(int offset, int byteCount) {
        return LittleEndian.get(fetch.data(), offset, byteCount);
    }

    private long descriptorControl() {
        return field(IoatDescriptor.CONTROL, 4);
    }

    private void execute() {
        long size = field(IoatDescriptor.SIZE, 4);
        if (IoatDescriptor.CONTROL_OPERATION.isSet(descriptorControl())) {
            halt(ERROR_CONTROL.mask());
        } else if (size == 0 || size > 1L << profile.capacityLog2()) {
            halt(ERROR_LENGTH.mask());
        } else if (IoatDescriptor.CONTROL_NULL.isSet(descriptorControl())) {
            to(Phase.COMPLETE);
        } else {
            copier.begin(field(IoatDescriptor.SOURCE, 8), field(IoatDescriptor.DESTINATION, 8), size, transfer);
        }
    }

    private void copied() {
        if (isResetting || copier.outcome() == Outcome.DONE) {
            to(Phase.COMPLETE);
        } else if (copier.failure() == Status.POISONED) {
            halt(ERROR_INTEGRITY.mask());
        } else {
            halt(copier.outcome() == Outcome.READ_FAILED ? ERROR_READ.mask() : ERROR_WRITE.mask());
        }
    }

    private void complete() {
        completed = current;
        doneCount = (doneCount + 1) & COUNT_MASK;
        phase = Phase.RETIRE;
        if (IoatDescriptor.CONTROL_COMPLETION.isSet(descriptorControl())) {
            writeCompletion(count == doneCount ? STATE_DONE : STATE_ACTIVE);
        } else {
            step();
        }
    }

    private void writeCompletion(int inState) {
        LittleEndian.put(status(inState), completion.data(), 0, Long.BYTES);
        completion.begin(Kind.WRITE, completionAddress, Long.BYTES, Tenure.RELEASE, transfer);
        host.submit(completion);
    }

    private void completionWritten(Transaction done, Status status) {
        if (isCompletionStale) {
            isCompletionStale = false;
        } else if (status != Status.SUCCESS && !isResetting) {
            // There is no place to tell of it but the registers.
            error |= ERROR_COMPLETION_ADDRESS.mask();
            state = STATE_HALTED;
            phase = Phase.TELL;
        }
        step();
    }

    private void retire() {
        if (trace.isOn()) {
            trace.instant(host.nowPicos(), track, doneName, transfer, current);
        }
        if (IoatDescriptor.CONTROL_INTERRUPT.isSet(descriptorControl())) {
            interrupts.raise(index);
        }
        to(Phase.FETCH);
    }

    private void halt(long why) {
        error |= why;
        state = STATE_HALTED;
        phase = Phase.TELL;
        if (CONTROL_ERROR_COMPLETION.isSet(control)) {
            writeCompletion(STATE_HALTED);
        } else {
            step();
        }
    }

    /// Software may look now.
    private void tell() {
        hasChain = false;
        isSuspending = false;
        phase = Phase.FETCH;
        if (CONTROL_ERROR_INTERRUPT.isSet(control) && (error & ~errorMask) != 0) {
            interrupts.raise(index);
        }
    }
}
