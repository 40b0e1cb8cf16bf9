package flyby.sim;

/// An alarm on a simulation's agenda, with its action as a method.
///
/// Extend it where the action is hot, or let [Simulation#event] wrap a lambda. Events that are due at the same
/// picosecond fire in the order of their ranks, and an event's rank is the order of its creation: what happens
/// never depends on the order in which times were set.
public abstract class Event implements Alarm {
    static final long NEVER = Long.MAX_VALUE;

    final Simulation simulation;
    final int rank;
    /// The pending time, or [#NEVER].
    long timePicos = NEVER;

    private final String name;

    protected Event(Simulation simulation, String name) {
        this.simulation = simulation;
        this.name = name;
        this.rank = simulation.register(this);
    }

    /// What happens at the set time.
    protected abstract void fire();

    @Override
    public final void at(long timePicos) {
        simulation.schedule(this, timePicos);
    }

    @Override
    public final void in(long delayPicos) {
        simulation.schedule(this, simulation.nowPicos() + delayPicos);
    }

    @Override
    public final void cancel() {
        simulation.cancel(this);
    }

    @Override
    public final boolean isPending() {
        return timePicos != NEVER;
    }

    @Override
    public final String toString() {
        return name + (isPending() ? " at " + timePicos + " ps" : " idle");
    }
}
