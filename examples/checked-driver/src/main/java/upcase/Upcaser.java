package upcase;

import static upcase.UpcaseRegisters.ADDRESS;
import static upcase.UpcaseRegisters.CONTROL;
import static upcase.UpcaseRegisters.DONE;
import static upcase.UpcaseRegisters.ERROR;
import static upcase.UpcaseRegisters.LENGTH;
import static upcase.UpcaseRegisters.LENGTH_MAX;
import static upcase.UpcaseRegisters.START;
import static upcase.UpcaseRegisters.STATUS;

import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.bus.Transaction.Tenure;

/// The device: reads text from memory, and writes it back in capital letters, in the same place.
public final class Upcaser implements Device {
    private final DeviceHost host;
    private final Transaction text = new Transaction(this::moved, LENGTH_MAX);
    private long address;
    private int length;
    private int status;
    /// A reset came while the text was on its way: the answer is of no use any more.
    private boolean isStale;

    public Upcaser(DeviceHost host) {
        this.host = host;
    }

    @Override
    public long readRegister(int region, long offset, int byteCount) {
        return switch ((int) offset) {
            case ADDRESS -> address;
            case LENGTH -> length;
            case CONTROL -> 0;
            case STATUS -> status;
            default -> ABSENT;
        };
    }

    @Override
    public void writeRegister(int region, long offset, int byteCount, long value) {
        switch ((int) offset) {
            case ADDRESS -> address = value & 0xffff_ffffL;
            case LENGTH -> length = (int) value;
            case CONTROL -> start(value);
            case STATUS -> report(status & ~(int) value);
            default -> {
                // There is nothing else.
            }
        }
    }

    private void start(long value) {
        if ((value & START) == 0) {
            return;
        }
        if (!text.isFree() || length < 1 || length > LENGTH_MAX) {
            host.objection(text.isFree() ? "started with a length of " + length : "started while it is at work");
            return;
        }
        text.begin(Kind.READ, address, length, Tenure.RELEASE, host.currentTransfer());
        host.submit(text);
    }

    /// The text is here, or is back in memory.
    private void moved(Transaction transaction, Status how) {
        if (isStale) {
            isStale = false;
        } else if (how != Status.SUCCESS) {
            report(status | ERROR);
        } else if (transaction.kind() == Kind.WRITE) {
            report(status | DONE);
        } else {
            byte[] bytes = text.data();
            for (int i = 0; i < text.byteCount(); i++) {
                bytes[i] = (byte) (bytes[i] >= 'a' && bytes[i] <= 'z' ? bytes[i] - 'a' + 'A' : bytes[i]);
            }
            text.begin(Kind.WRITE, address, length, Tenure.RELEASE, text.transfer());
            host.submit(text);
        }
    }

    private void report(int newStatus) {
        status = newStatus;
        host.interrupt(0, status != 0);
    }

    @Override
    public void reset() {
        isStale = !text.isFree();
        address = 0;
        length = 0;
        report(0);
    }
}
