package flyby.checked;

import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Tenure;
import flyby.topology.Card;

/// A device that reads 64 bytes at the address that is written to it, and writes them back a line further on.
final class Echo implements Device {
    static final int BYTES = 64;

    private final DeviceHost host;
    private final Transaction line = new Transaction(this::moved, BYTES);
    private long address;
    private long count;

    Echo(DeviceHost host) {
        this.host = host;
    }

    static Card card() {
        return Card.of(0x0002, 16, 0, 1, Echo::new);
    }

    @Override
    public long readRegister(int region, long offset, int byteCount) {
        return count;
    }

    @Override
    public void writeRegister(int region, long offset, int byteCount, long value) {
        address = value & 0xffff_ffffL;
        line.begin(Kind.READ, address, BYTES, Tenure.RELEASE, 0);
        host.submit(line);
    }

    private void moved(Transaction transaction, Transaction.Status status) {
        if (transaction.kind() == Kind.READ && status == Transaction.Status.SUCCESS) {
            line.begin(Kind.WRITE, address + BYTES, BYTES, Tenure.RELEASE, 0);
            host.submit(line);
        } else {
            count++;
        }
    }

    @Override
    public void reset() {
        count = 0;
    }
}
