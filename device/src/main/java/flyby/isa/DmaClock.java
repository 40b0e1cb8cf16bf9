package flyby.isa;

import flyby.bus.MasterHost;
import flyby.sim.Alarm;
import org.jspecify.annotations.Nullable;

/// The clock of one or two 8237As: gives them their edges while they have something to do, and stops while they
/// sleep.
///
/// An input that changes at the very instant of an edge is seen by that edge if the clock slept, or if its event
/// comes before the clock's by rank; the set-up time of DREQ is 0 ns (8237A-5).
///
/// CLK falls at whole multiples of its period and rises halfway. As long as nothing else happens in the machine,
/// one edge follows the other without an event; where no pins are watched, whole transfers are skipped through.
final class DmaClock {
    private static final long NONE = Long.MAX_VALUE;

    private final MasterHost host;
    private final long clockPicos;
    private final long halfPicos;
    private final Controller[] controllers;
    private final boolean pinsAreWatched;
    private final Alarm tick;
    /// The next edge while the clock runs, or [#NONE].
    private long edgePicos = NONE;
    private boolean falling;
    /// The last falling edge that the controllers were given.
    private long fellPicos;
    /// Whether the clock's own loop runs and will look for what is next by itself.
    private boolean inLoop;

    DmaClock(MasterHost host, long clockPicos, Controller... controllers) {
        for (Controller controller : controllers) {
            host.trace().clock(controller.name(), "CLK", clockPicos, false);
        }
        this.host = host;
        this.clockPicos = clockPicos;
        this.halfPicos = clockPicos / 2;
        this.controllers = controllers;
        this.pinsAreWatched = host.trace().isSignalsOn();
        this.tick = host.alarm("clock", this::run);
    }

    /// An input or a register has changed: edges from now on count.
    void wake() {
        if (edgePicos != NONE) {
            return;
        }
        long now = host.nowPicos();
        long fall = now / clockPicos * clockPicos;
        if (now > fall && now <= fall + halfPicos) {
            edgePicos = fall + halfPicos;
            falling = false;
        } else {
            edgePicos = now == fall ? fall : fall + clockPicos;
            falling = true;
        }
        sleep(Math.max(0, (edgePicos - fellPicos) / clockPicos - 1));
        fellPicos = falling ? edgePicos : fall;
        if (!inLoop) {
            tick.at(edgePicos);
        }
    }

    /// Tells controllers that sleep for how long they have done so.
    void settle() {
        if (edgePicos == NONE) {
            long clocks = (host.nowPicos() - fellPicos) / clockPicos;
            fellPicos += clocks * clockPicos;
            sleep(clocks);
        }
    }

    private void sleep(long clocks) {
        for (Controller controller : controllers) {
            controller.slept(clocks);
        }
    }

    private void run() {
        inLoop = true;
        while (edgePicos != NONE) {
            if (edgePicos != host.nowPicos()) {
                if (edgePicos >= host.horizonPicos()) {
                    tick.at(edgePicos);
                    break;
                }
                host.advanceTo(edgePicos);
            }
            step();
        }
        inLoop = false;
    }

    /// Gives the edge that is due, and finds the next one.
    private void step() {
        long now = edgePicos;
        if (falling) {
            fellPicos = now;
            for (Controller controller : controllers) {
                controller.clockFalls();
            }
            falling = false;
            edgePicos = now + halfPicos;
            return;
        }
        for (Controller controller : controllers) {
            controller.clockRises();
        }
        afterRise(fellPicos);
    }

    /// Finds what comes after the rising edge of the clock that began at `fall`: nothing, whole transfers, or the
    /// next falling edge.
    private void afterRise(long fall) {
        long begin = fall;
        Controller mover = pinsAreWatched ? null : mover();
        while (mover != null && mover.isAtTransfer()) {
            long strobe = begin + mover.clocksToStrobe() * clockPicos;
            if (strobe + halfPicos >= host.horizonPicos()) {
                break;
            }
            mover.cycleEnds(begin + clockPicos);
            mover.cycleBegins(begin + clockPicos);
            host.advanceTo(strobe + halfPicos);
            mover.skipToStrobe();
            begin = strobe;
            long end = strobe + mover.clocksToEnd() * clockPicos;
            if (end + halfPicos >= host.horizonPicos()) {
                break;
            }
            host.advanceTo(end + halfPicos);
            mover.skipToEnd();
            begin = end;
        }
        fellPicos = begin;
        falling = true;
        edgePicos = isAsleep() ? NONE : begin + clockPicos;
    }

    /// The one controller that is awake, or null if there are two or none.
    private @Nullable Controller mover() {
        Controller awake = null;
        for (Controller controller : controllers) {
            if (!controller.isAsleep()) {
                if (awake != null) {
                    return null;
                }
                awake = controller;
            }
        }
        return awake;
    }

    private boolean isAsleep() {
        for (Controller controller : controllers) {
            if (!controller.isAsleep()) {
                return false;
            }
        }
        return true;
    }
}
