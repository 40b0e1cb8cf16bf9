package flyby.vfio;

import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.bus.Transaction.Tenure;
import flyby.function.BaseAddress;
import flyby.function.FunctionDescription;
import flyby.sim.Alarm;

/// As simple as a device with DMA can be: copies up to 64 KiB from register 0 to register 8, as many bytes as
/// register 16 says, when register 24 is written: after so many microseconds. Register 32 counts copies, 40 errors.
/// Vector 0 is asserted at the end, until register 48 is written.
final class Copier implements Device, Transaction.Owner {
    static final int SOURCE = 0;
    static final int DESTINATION = 8;
    static final int COUNT = 16;
    static final int GO = 24;
    static final int DONE = 32;
    static final int ERRORS = 40;
    static final int ACKNOWLEDGE = 48;

    private static final int BYTES_MAX = 1 << 16;

    private final DeviceHost host;
    private final Alarm start;
    private final Transaction transaction = new Transaction(this, BYTES_MAX);
    private final long[] registers = new long[8];

    Copier(DeviceHost host) {
        this.host = host;
        start = host.alarm("copy", this::begin);
    }

    static FunctionDescription description() {
        return FunctionDescription.of(0xf1b0, 0x0fff, 0x08_8000)
                .with(BaseAddress.memory32(0, 4_096))
                .withPin(1)
                .withMsi(1)
                .withMsix(new FunctionDescription.Msix(2, 0, 0x800, 0xc00));
    }

    @Override
    public long readRegister(int region, long offset, int byteCount) {
        return offset % 8 == 0 && offset < 64 ? registers[(int) offset / 8] : ABSENT;
    }

    @Override
    public void writeRegister(int region, long offset, int byteCount, long value) {
        if (offset == GO) {
            start.in(Math.min(value, 1_000_000) * 1_000_000);
        } else if (offset == ACKNOWLEDGE) {
            host.interrupt(0, false);
        } else if (offset % 8 == 0 && offset < 24) {
            registers[(int) offset / 8] = value;
        }
    }

    private void begin() {
        int byteCount = Math.clamp(registers[COUNT / 8], 1, BYTES_MAX);
        if (transaction.isFree()) {
            transaction.begin(Kind.READ, registers[SOURCE / 8], byteCount, Tenure.RELEASE, 0);
            host.submit(transaction);
        }
    }

    @Override
    public String purpose(Transaction of) {
        return "copy " + (registers[DONE / 8] + 1);
    }

    @Override
    public void completed(Transaction done, Status status) {
        if (status != Status.SUCCESS) {
            registers[ERRORS / 8]++;
            host.interrupt(0, true);
        } else if (done.kind() == Kind.READ) {
            transaction.begin(Kind.WRITE, registers[DESTINATION / 8], done.byteCount(), Tenure.RELEASE, 0);
            host.submit(transaction);
        } else {
            registers[DONE / 8]++;
            host.interrupt(0, true);
        }
    }

    @Override
    public void reset() {
        start.cancel();
        java.util.Arrays.fill(registers, 0);
        host.interrupt(0, false);
    }
}
