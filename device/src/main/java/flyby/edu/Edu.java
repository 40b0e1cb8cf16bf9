package flyby.edu;

import static flyby.edu.layout.EduRegisters.BUFFER;
import static flyby.edu.layout.EduRegisters.BUFFER_BYTES;
import static flyby.edu.layout.EduRegisters.COMMAND_INTERRUPT;
import static flyby.edu.layout.EduRegisters.COMMAND_RUN;
import static flyby.edu.layout.EduRegisters.COMMAND_TO_MEMORY;
import static flyby.edu.layout.EduRegisters.DMA_COMMAND;
import static flyby.edu.layout.EduRegisters.DMA_COUNT;
import static flyby.edu.layout.EduRegisters.DMA_DESTINATION;
import static flyby.edu.layout.EduRegisters.DMA_SOURCE;
import static flyby.edu.layout.EduRegisters.FACTORIAL;
import static flyby.edu.layout.EduRegisters.IDENTIFICATION;
import static flyby.edu.layout.EduRegisters.IDENTIFICATION_VALUE;
import static flyby.edu.layout.EduRegisters.INTERRUPT_ACKNOWLEDGE;
import static flyby.edu.layout.EduRegisters.INTERRUPT_DMA;
import static flyby.edu.layout.EduRegisters.INTERRUPT_FACTORIAL;
import static flyby.edu.layout.EduRegisters.INTERRUPT_RAISE;
import static flyby.edu.layout.EduRegisters.INTERRUPT_STATUS;
import static flyby.edu.layout.EduRegisters.LIVENESS;
import static flyby.edu.layout.EduRegisters.REGION_BYTES;
import static flyby.edu.layout.EduRegisters.STATUS;
import static flyby.edu.layout.EduRegisters.STATUS_COMPUTING;
import static flyby.edu.layout.EduRegisters.STATUS_INTERRUPT;
import static flyby.edu.layout.EduRegisters.WIDE_BEGIN;

import flyby.base.Check;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.bus.Transaction.Tenure;
import flyby.sim.Alarm;
import java.util.Arrays;

/// QEMU's teaching device: a factorial, an interrupt that software raises itself, and DMA to and from a buffer of
/// 4 KiB. Its registers: `flyby.edu.layout`. What the specification leaves open is as in QEMU's hw/misc/edu.c, but
/// for DMA outside the buffer: there nothing is moved, while QEMU complains and does something undefined.
///
/// The device has no register for errors: DMA whose memory does not answer ends as any other, and the buffer keeps
/// what it had.
public final class Edu implements Device {
    /// The only interrupt vector.
    public static final int VECTOR = 0;

    /// 34! and those above are multiples of 2^32.
    private static final long FACTORIAL_MAX = 33;

    private static final long UNSIGNED_32 = 0xffff_ffffL;

    /// What a device is built with.
    ///
    /// @param multiplicationPicos what each multiplication of a factorial takes, 0 to 1,000,000
    /// @param dmaPicos from the command to the access, 0 or more
    /// @param dmaMask the bits of an address that the device has; it drops the others
    public record Profile(long multiplicationPicos, long dmaPicos, long dmaMask) {
        public Profile {
            Check.that(
                    multiplicationPicos >= 0 && multiplicationPicos <= 1_000_000,
                    "a multiplication of %d ps",
                    multiplicationPicos);
            Check.that(dmaPicos >= 0, "DMA after %d ps", dmaPicos);
        }
    }

    private final DeviceHost host;
    private final Profile profile;
    private final Alarm computed;
    private final Alarm dmaDue;
    private final Transaction transaction =
            new Transaction(Transaction.Owner.saying("DMA command", this::moved), BUFFER_BYTES);
    private final byte[] buffer = new byte[BUFFER_BYTES];

    private long liveness;
    private long factorial;
    private boolean isComputing;
    private boolean interruptsWhenComputed;
    private long interruptStatus;
    private long source;
    private long destination;
    private long count;
    private long command;
    private long transfer;
    /// The transaction was under way at a reset.
    private boolean isStale;
    /// DMA was commanded while such a transaction was under way: it has the buffers.
    private boolean isDmaWaiting;

    /// A device in its state after power-on.
    ///
    /// @param name how traces call it
    public Edu(DeviceHost host, String name, Profile profile) {
        this.host = host;
        this.profile = profile;
        computed = host.alarm(name + " factorial", this::computed);
        dmaDue = host.alarm(name + " DMA", this::beginDma);
        reset();
    }

    @Override
    public void reset() {
        computed.cancel();
        dmaDue.cancel();
        isStale = !transaction.isFree();
        isDmaWaiting = false;
        Arrays.fill(buffer, (byte) 0);
        liveness = 0;
        factorial = 0;
        isComputing = false;
        interruptsWhenComputed = false;
        interruptStatus = 0;
        source = 0;
        destination = 0;
        count = 0;
        command = 0;
        host.interrupt(VECTOR, false);
    }

    private static boolean exists(int region, long offset, int byteCount) {
        boolean hasSize = byteCount == 4 || (byteCount == 8 && offset >= WIDE_BEGIN);
        return region == 0 && offset >= 0 && offset < REGION_BYTES && hasSize;
    }

    @Override
    public long readRegister(int region, long offset, int byteCount) {
        if (!exists(region, offset, byteCount)) {
            return ABSENT;
        }
        return switch ((int) offset) {
            case IDENTIFICATION -> IDENTIFICATION_VALUE;
            case LIVENESS -> liveness;
            case FACTORIAL -> factorial;
            case STATUS ->
                STATUS_COMPUTING.to(isComputing ? 1 : 0) | STATUS_INTERRUPT.to(interruptsWhenComputed ? 1 : 0);
            case INTERRUPT_STATUS -> interruptStatus;
            case DMA_SOURCE -> source;
            case DMA_DESTINATION -> destination;
            case DMA_COUNT -> count;
            case DMA_COMMAND -> command;
            default -> ABSENT;
        };
    }

    @Override
    public void writeRegister(int region, long offset, int byteCount, long value) {
        if (!exists(region, offset, byteCount)) {
            return;
        }
        long bits = byteCount == 4 ? value & UNSIGNED_32 : value;
        switch ((int) offset) {
            case LIVENESS -> liveness = ~bits & UNSIGNED_32;
            case FACTORIAL -> compute(bits);
            case STATUS -> interruptsWhenComputed = STATUS_INTERRUPT.isSet(bits);
            case INTERRUPT_RAISE -> raise(bits);
            case INTERRUPT_ACKNOWLEDGE -> acknowledge(bits);
            case DMA_SOURCE, DMA_DESTINATION, DMA_COUNT, DMA_COMMAND -> program((int) offset, bits);
            default -> {
                // The others can only be read, and between them there is nothing.
            }
        }
    }

    private void compute(long number) {
        if (!isComputing) {
            factorial = number;
            isComputing = true;
            computed.in(number * profile.multiplicationPicos());
        }
    }

    private void computed() {
        long product = factorial > FACTORIAL_MAX ? 0 : 1;
        for (long i = Math.min(factorial, FACTORIAL_MAX); i > 1; i--) {
            product = (product * i) & UNSIGNED_32;
        }
        factorial = product;
        isComputing = false;
        if (interruptsWhenComputed) {
            raise(INTERRUPT_FACTORIAL.mask());
        }
    }

    private void raise(long bits) {
        boolean isAsserted = interruptStatus != 0;
        interruptStatus |= bits;
        if (isAsserted) {
            // QEMU sends a message each time. A message is an edge: taken back, and given anew.
            host.interrupt(VECTOR, false);
        }
        host.interrupt(VECTOR, interruptStatus != 0);
    }

    private void acknowledge(long bits) {
        interruptStatus &= ~bits;
        if (interruptStatus == 0) {
            host.interrupt(VECTOR, false);
        }
    }

    private void program(int offset, long value) {
        if (COMMAND_RUN.isSet(command)) {
            return;
        }
        switch (offset) {
            case DMA_SOURCE -> source = value;
            case DMA_DESTINATION -> destination = value;
            case DMA_COUNT -> count = value;
            default -> {
                if (COMMAND_RUN.isSet(value)) {
                    command = value;
                    transfer = host.currentTransfer();
                    dmaDue.in(profile.dmaPicos());
                }
            }
        }
    }

    private boolean isToMemory() {
        return COMMAND_TO_MEMORY.isSet(command);
    }

    /// Where in the buffer the bytes go or are from.
    private long place() {
        return (isToMemory() ? source : destination) - BUFFER;
    }

    private void beginDma() {
        if (!transaction.isFree()) {
            isDmaWaiting = true;
            return;
        }
        long place = place();
        boolean isInside = place >= 0 && place <= BUFFER_BYTES && count >= 0 && count <= BUFFER_BYTES - place;
        if (!isInside || count == 0) {
            endDma();
            return;
        }
        if (isToMemory()) {
            System.arraycopy(buffer, (int) place, transaction.data(), 0, (int) count);
            begin(Kind.WRITE, destination);
        } else {
            begin(Kind.READ, source);
        }
    }

    private void begin(Kind kind, long address) {
        transaction.begin(kind, address & profile.dmaMask(), (int) count, Tenure.RELEASE, transfer);
        host.submit(transaction);
    }

    private void moved(Transaction done, Status status) {
        if (isStale) {
            isStale = false;
            if (isDmaWaiting) {
                isDmaWaiting = false;
                beginDma();
            }
            return;
        }
        if (status == Status.SUCCESS && done.kind() == Kind.READ) {
            System.arraycopy(done.data(), 0, buffer, (int) place(), done.byteCount());
        }
        endDma();
    }

    private void endDma() {
        command = COMMAND_RUN.with(command, 0);
        if (COMMAND_INTERRUPT.isSet(command)) {
            raise(INTERRUPT_DMA.mask());
        }
    }
}
