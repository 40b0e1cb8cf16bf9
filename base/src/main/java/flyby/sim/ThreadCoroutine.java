package flyby.sim;

import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A coroutine on a virtual thread of its own, with public API alone.
///
/// The agenda's thread and the body's hand control to and fro and never run at the same time, so the simulation
/// stays as deterministic as on one thread. An abandoned body stays parked for ever; virtual threads are
/// daemons, so it does not keep the JVM alive. Hand-overs are quickest if the simulation itself runs on a
/// virtual thread.
final class ThreadCoroutine extends CoroutineEvent {
    private final Thread bodyThread;
    private @Nullable Thread agendaThread;
    /// Whose turn it is. Writing it publishes everything that its writer did before.
    private volatile boolean bodysTurn;

    ThreadCoroutine(Simulation simulation, String name, Consumer<Coroutine> body) {
        super(simulation, name, body);
        bodyThread = Thread.ofVirtual().name(name).unstarted(() -> {
            runBody();
            giveBack();
        });
    }

    /// Whether the caller runs on a virtual thread, whose carrier a continuation could not leave.
    static boolean isOnVirtualThread() {
        return Thread.currentThread().isVirtual();
    }

    @Override
    void enter() {
        agendaThread = Thread.currentThread();
        bodysTurn = true;
        if (bodyThread.getState() == Thread.State.NEW) {
            bodyThread.start();
        } else {
            LockSupport.unpark(bodyThread);
        }
        // Parking may end without a reason, so the turn decides.
        while (bodysTurn) {
            LockSupport.park(this);
        }
    }

    @Override
    void leave() {
        giveBack();
        while (!bodysTurn) {
            LockSupport.park(this);
        }
    }

    private void giveBack() {
        Thread agenda = agendaThread;
        bodysTurn = false;
        LockSupport.unpark(agenda);
    }
}
