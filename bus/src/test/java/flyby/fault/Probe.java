package flyby.fault;

import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Tenure;
import flyby.record.MemoryHost;
import flyby.sim.Alarm;
import flyby.trace.Trace;
import java.util.ArrayList;
import java.util.List;

/// A device that does what the test says, behind the faults of a plan, at a memory that answers after 100 ps.
final class Probe implements Device {
    static final int BYTES = 8;

    final MemoryHost memory = new MemoryHost(() -> 100, Trace.off());
    final Faults faults;
    /// The device as its host sees it.
    final Device outside;

    /// The device's host as it sees it.
    private DeviceHost host = memory;

    /// What the device met, with the time in picoseconds: `read 0x10 SUCCESS @100`.
    final List<String> heard = new ArrayList<>();

    Alarm alarm = memory.alarm("unused", () -> {});
    long register = 0x55;

    Probe(String plan) {
        faults = new Faults("probe", FaultPlan.parse("test", plan));
        outside = faults.around(given -> {
                    host = given;
                    alarm = host.alarm("tick", () -> heard.add("tick @" + host.nowPicos()));
                    return this;
                })
                .apply(memory);
        for (int i = 0; i < MemoryHost.MEMORY_BYTES; i++) {
            memory.memory()[i] = (byte) i;
        }
    }

    DeviceHost host() {
        return host;
    }

    /// Starts an access of 8 bytes; those of a write are 0x80 and its successors.
    Transaction access(Kind kind, long iova) {
        Transaction transaction = new Transaction(
                (over, status) -> heard.add("%s 0x%x %s @%d"
                        .formatted(kind == Kind.READ ? "read" : "write", iova, status, host.nowPicos())),
                BYTES);
        for (int i = 0; i < BYTES; i++) {
            transaction.data()[i] = (byte) (0x80 + i);
        }
        transaction.begin(kind, iova, BYTES, Tenure.RELEASE, 0);
        host.submit(transaction);
        return transaction;
    }

    void run() {
        memory.simulation().run();
    }

    @Override
    public long readRegister(int region, long offset, int byteCount) {
        heard.add("register read 0x%x".formatted(offset));
        return register;
    }

    @Override
    public void writeRegister(int region, long offset, int byteCount, long value) {
        heard.add("register write 0x%x of 0x%x @%d".formatted(offset, value, host.nowPicos()));
        register = value;
    }

    @Override
    public void reset() {
        heard.add("reset");
    }
}
