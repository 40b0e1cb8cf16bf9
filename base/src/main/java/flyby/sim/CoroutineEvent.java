package flyby.sim;

import flyby.base.Check;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A coroutine as an event: firing it runs the body up to its next wait.
///
/// What differs between the two ways to suspend a body, [ContinuationCoroutine] and [ThreadCoroutine], is only
/// [#enter] and [#leave]; everything that decides an order is here, so both give the same.
abstract class CoroutineEvent extends Event implements Coroutine {
    private final Consumer<Coroutine> body;
    private final String name;
    /// Whether control is in the body.
    private boolean inside;

    private boolean finished;
    private boolean parked;
    private String reason = "";
    private @Nullable Throwable failure;

    CoroutineEvent(Simulation simulation, String name, Consumer<Coroutine> body) {
        super(simulation, name);
        this.name = name;
        this.body = body;
    }

    /// Runs the body until it leaves or ends. Called by the agenda.
    abstract void enter();

    /// Suspends the body until it is entered again. Called by the body.
    abstract void leave();

    @Override
    protected final void fire() {
        inside = true;
        enter();
        inside = false;
        if (failure != null) {
            Throwable thrown = failure;
            failure = null;
            CoroutineEvent.<RuntimeException>rethrow(thrown);
        }
    }

    /// The whole body, for the implementations to run.
    final void runBody() {
        try {
            body.accept(this);
        } catch (Throwable thrown) {
            // It must surface out of Simulation.run(), which may be on another stack.
            failure = thrown;
        } finally {
            finished = true;
        }
    }

    @Override
    public final void waitFor(long delayPicos) {
        waitUntil(simulation.nowPicos() + delayPicos);
    }

    @Override
    public final void waitUntil(long timePicos) {
        checkInside();
        if (timePicos >= simulation.nowPicos() && timePicos < simulation.horizonPicos()) {
            // Nobody else acts until then, so going away and coming back would change nothing but the clock.
            // That is right because only the agenda enters a body: there is no caller who waits for it to
            // return.
            simulation.advanceTo(timePicos);
            return;
        }
        at(timePicos);
        leave();
    }

    @Override
    public final void park(String reason) {
        checkInside();
        this.reason = reason;
        parked = true;
        leave();
    }

    @Override
    public final void wake() {
        if (parked) {
            parked = false;
            reason = "";
            at(simulation.nowPicos());
        }
    }

    @Override
    public final boolean isFinished() {
        return finished;
    }

    @Override
    public final String waitingFor() {
        return reason;
    }

    /// What the coroutine does now, as a sentence: `driver waits for interrupt 3`.
    final String describe() {
        if (parked) {
            return name + " waits for " + reason;
        }
        return isPending() ? name + " waits until " + Time.text(timePicos) : name + " runs";
    }

    private void checkInside() {
        if (!inside) {
            throw Check.bug("%s is told to wait by somebody else", name);
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> void rethrow(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
