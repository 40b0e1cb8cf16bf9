package flyby.zoo.engine;

import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.bus.Transaction.Tenure;
import flyby.sim.Alarm;
import org.jspecify.annotations.Nullable;

/// What an engine does step by step: it waits, or has one access to the host's memory under way.
final class Steps implements Transaction.Owner {
    /// What is done when an access is over.
    @FunctionalInterface
    interface Next {
        /// The access is over.
        ///
        /// @param bytes what was read, or written
        void over(byte[] bytes, boolean isWell);
    }

    private final DeviceHost host;
    private final Transaction transaction;
    private final Alarm alarm;
    private final Runnable idle;
    private @Nullable Runnable afterwards;
    private @Nullable Next next;
    private String purpose = "";
    private long duePicos;

    /// @param byteCountMax of an access
    /// @param idle is called whenever nothing is under way any more
    Steps(DeviceHost host, String name, int byteCountMax, Runnable idle) {
        this.host = host;
        this.idle = idle;
        transaction = new Transaction(this, byteCountMax);
        alarm = host.alarm(name + " step", this::due);
    }

    boolean isIdle() {
        return afterwards == null && transaction.isFree();
    }

    /// Goes on with `then` after `picos`.
    void after(long picos, Runnable then) {
        afterwards = then;
        duePicos = host.nowPicos() + picos;
        alarm.at(duePicos);
    }

    /// What is waited for comes `picos` later.
    void postpone(long picos) {
        if (afterwards != null) {
            duePicos += picos;
            alarm.at(duePicos);
        }
    }

    private void due() {
        Runnable now = afterwards;
        afterwards = null;
        if (now != null) {
            now.run();
        }
        becomeIdle();
    }

    private void becomeIdle() {
        if (isIdle()) {
            idle.run();
        }
    }

    void read(String what, long address, int byteCount, Next then) {
        begin(Kind.READ, what, address, byteCount, then);
    }

    void write(String what, long address, byte[] bytes, Next then) {
        System.arraycopy(bytes, 0, transaction.data(), 0, bytes.length);
        begin(Kind.WRITE, what, address, bytes.length, then);
    }

    private void begin(Kind kind, String what, long address, int byteCount, Next then) {
        purpose = what;
        next = then;
        transaction.begin(kind, address, byteCount, Tenure.RELEASE, 0);
        host.submit(transaction);
    }

    /// What is waited for does not come; an access that is under way ends, and nobody hears of it.
    void forget() {
        alarm.cancel();
        afterwards = null;
        next = null;
    }

    @Override
    public String purpose(Transaction asked) {
        return purpose;
    }

    @Override
    public void completed(Transaction over, Status status) {
        Next now = next;
        next = null;
        if (now != null) {
            byte[] bytes = new byte[over.byteCount()];
            System.arraycopy(over.data(), 0, bytes, 0, bytes.length);
            now.over(bytes, status == Status.SUCCESS);
        }
        becomeIdle();
    }
}
