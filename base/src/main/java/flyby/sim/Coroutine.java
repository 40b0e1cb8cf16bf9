package flyby.sim;

/// A process on a simulation's agenda: code that reads straight on, and lets simulated time pass by waiting.
///
/// A process is resumed only by the agenda, never from inside somebody's call, so the code between two waits
/// happens at one instant and nothing interrupts it.
public interface Coroutine {
    /// Lets `delayPicos` pass (0 or more). Called by the process itself.
    void waitFor(long delayPicos);

    /// Waits until the simulated time is `timePicos`, which must not lie in the past. Called by the process itself.
    void waitUntil(long timePicos);

    /// Waits until somebody calls [#wake]. Called by the process itself.
    ///
    /// @param reason what is waited for, as a person would say it; shown when nothing can ever wake the process
    void park(String reason);

    /// Lets a parked process go on at the current time, as an event of its own. Called by anybody else. Does nothing
    /// to a process that is not parked.
    void wake();

    /// Whether the body has returned.
    boolean isFinished();

    /// What the process waits for, as given to [#park], or the empty string.
    String waitingFor();
}
