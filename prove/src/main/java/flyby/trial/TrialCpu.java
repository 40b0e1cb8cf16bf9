package flyby.trial;

import flyby.bus.Completion;
import flyby.bus.Cpu;
import flyby.check.CallSite;
import flyby.check.CallSites;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/// The CPU of a driver on trial: it can be made to stop where it is, so that its stack says where that is.
final class TrialCpu extends ForwardingCpu {
    /// The thread that the subject runs on; others are counted from 1.
    private static final int MAIN = 0;

    private final @Nullable Malice malice;
    private int threads = 1;
    private int thread = MAIN;
    /// What the subject's thread waits for.
    private @Nullable Completion awaited;

    private final CallSites sites = new CallSites(true);
    private CallSite awaitedAt = CallSite.NONE;
    private boolean stopsWait;
    private boolean stopsAll;

    /// The trial has lost its patience with the driver, whose line is in the stack trace.
    static final class GivenUp extends Error {
        @Serial
        private static final long serialVersionUID = 1L;

        private GivenUp() {
            super("the trial is over");
        }
    }

    /// @param malice of devices; null if they have none
    TrialCpu(Cpu inner, @Nullable Malice malice) {
        super(inner);
        this.malice = malice;
    }

    /// Ends what the subject's thread waits for, with [GivenUp]. The CPU still has to be woken up.
    ///
    /// @return whether it waits
    boolean stopWaiting() {
        Completion waits = awaited;
        if (waits == null) {
            return false;
        }
        stopsWait = true;
        waits.complete();
        return true;
    }

    /// Where the subject's thread has waited last.
    CallSite awaitedAt() {
        return awaitedAt;
    }

    /// Whoever calls next gets [GivenUp].
    void stop() {
        stopsAll = true;
    }

    @Override
    void enter() {
        if (stopsAll) {
            throw new GivenUp();
        }
    }

    private void loads(long address, int byteCount) {
        enter();
        if (malice != null) {
            malice.beforeLoad(address, byteCount);
        }
    }

    @Override
    public int load8(long address) {
        loads(address, Byte.BYTES);
        return inner().load8(address);
    }

    @Override
    public int load16(long address) {
        loads(address, Short.BYTES);
        return inner().load16(address);
    }

    @Override
    public long load32(long address) {
        loads(address, Integer.BYTES);
        return inner().load32(address);
    }

    @Override
    public long load64(long address) {
        loads(address, Long.BYTES);
        return inner().load64(address);
    }

    @Override
    public void loadBytes(long address, byte[] into, int offset, int byteCount) {
        if (byteCount > 0) {
            loads(address, byteCount);
        }
        inner().loadBytes(address, into, offset, byteCount);
    }

    @Override
    public void spawn(String name, Runnable body) {
        enter();
        int number = threads++;
        inner().spawn(name, () -> {
            thread = number;
            body.run();
        });
    }

    @Override
    public void reschedule() {
        enter();
        int own = thread;
        inner().reschedule();
        thread = own;
        enter();
    }

    @Override
    public void await(Completion completion) {
        int own = begin(completion);
        inner().await(completion);
        end(own);
    }

    @Override
    public boolean await(Completion completion, long timeoutPicos) {
        int own = begin(completion);
        boolean isComplete = inner().await(completion, timeoutPicos);
        end(own);
        return isComplete;
    }

    private int begin(Completion completion) {
        enter();
        if (thread == MAIN) {
            awaited = completion;
            awaitedAt = sites.here();
        }
        return thread;
    }

    private void end(int own) {
        thread = own;
        if (own == MAIN) {
            awaited = null;
            if (stopsWait) {
                throw new GivenUp();
            }
        }
    }
}
