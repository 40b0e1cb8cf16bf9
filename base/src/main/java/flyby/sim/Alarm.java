package flyby.sim;

/// Something that a model asks to be called for later: at most one pending time each.
///
/// Setting a new time replaces the pending one, so an alarm never fires twice for one setting. Created at set-up
/// and reused for ever: neither setting nor firing allocates.
public interface Alarm {
    /// Fires at `timePicos`, which must not lie in the past. Replaces the pending time, if there is one.
    void at(long timePicos);

    /// Fires `delayPicos` from now (0 or more). Replaces the pending time, if there is one.
    void in(long delayPicos);

    /// Forgets the pending time, if there is one.
    void cancel();

    /// Whether a time is pending. False while the alarm's own action runs, until it sets itself again.
    boolean isPending();
}
