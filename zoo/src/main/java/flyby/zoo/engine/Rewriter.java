package flyby.zoo.engine;

import flyby.base.LittleEndian;
import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.bus.Transaction.Tenure;
import flyby.sim.Alarm;

/// What a malicious engine does beside its work: some time after it has written a buffer, and said so, it changes the
/// first word of it.
final class Rewriter implements Transaction.Owner {
    /// Longer than most buffers.
    private static final long WORD = 0xffff;

    private final DeviceHost host;
    private final long delayPicos;
    private final Alarm alarm;
    private final Transaction transaction = new Transaction(this, Integer.BYTES);
    private long address;

    /// @param delayPicos until then; 0: it does not
    Rewriter(DeviceHost host, String name, long delayPicos) {
        this.host = host;
        this.delayPicos = delayPicos;
        alarm = host.alarm(name + " rewrite", this::rewrite);
    }

    /// The engine has written a buffer at `bufferAddress`.
    void wrote(long bufferAddress) {
        if (delayPicos > 0) {
            address = bufferAddress;
            alarm.in(delayPicos);
        }
    }

    void reset() {
        alarm.cancel();
    }

    private void rewrite() {
        if (transaction.isFree()) {
            LittleEndian.put(WORD, transaction.data(), 0, Integer.BYTES);
            transaction.begin(Kind.WRITE, address, Integer.BYTES, Tenure.RELEASE, 0);
            host.submit(transaction);
        }
    }

    @Override
    public String purpose(Transaction asked) {
        return "another length";
    }

    @Override
    public void completed(Transaction over, Status status) {
        // Whether it has come through is not to be seen.
    }
}
