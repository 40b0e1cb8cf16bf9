package flyby.floppy;

import static flyby.floppy.layout.FloppyCommands.ENDED_ABNORMALLY;
import static flyby.floppy.layout.FloppyCommands.ST0_EQUIPMENT_CHECK;
import static flyby.floppy.layout.FloppyCommands.ST0_INTERRUPT_CODE;
import static flyby.floppy.layout.FloppyCommands.ST0_NOT_READY;
import static flyby.floppy.layout.FloppyCommands.ST0_SEEK_END;

import flyby.bus.DeviceHost;
import flyby.sim.Alarm;

/// The head of one drive, as SEEK and RECALIBRATE move it: a step at a time, while the controller takes further
/// commands. SENSE INTERRUPT STATUS tells how it ended.
///
/// Where there is no drive both end abnormally: RECALIBRATE with EC, as TRK0 never comes; SEEK with NR, as on a
/// µPD765. An 82077AA has no READY input, and would believe that it had stepped.
final class Seek {
    /// So many steps without TRK0 are enough (data sheet 290166, section 5.2.2).
    private static final int RECALIBRATE_STEPS_MAX = 79;

    private final int drive;
    private final int cylinders;
    private final Runnable owner;
    private final Alarm ends;

    /// PCN: where the controller takes the head to be.
    private int presentCylinder;
    /// Where it is.
    private int cylinder;

    // How the one that is under way will end.
    private int nextPresentCylinder;
    private int nextCylinder;
    private long outcome;

    /// ST0 of the one that has ended, until somebody senses it; it has SE at least.
    private long told;

    /// @param cylinders of the drive; 0 if there is none
    /// @param owner is run when a seek has ended
    Seek(DeviceHost host, int drive, int cylinders, Runnable owner) {
        this.drive = drive;
        this.cylinders = cylinders;
        this.owner = owner;
        this.ends = host.alarm("seek", this::ended);
    }

    /// To TRK0, and PCN to 0.
    void recalibrate(long stepPicos) {
        int steps = cylinders == 0 ? RECALIBRATE_STEPS_MAX : Math.min(cylinder, RECALIBRATE_STEPS_MAX);
        boolean isAtTrack0 = cylinders > 0 && steps == cylinder;
        begin(0, cylinder - steps, isAtTrack0 ? 0 : abnormal() | ST0_EQUIPMENT_CHECK.mask(), steps * stepPicos);
    }

    /// From PCN to `target`. The controller counts its steps; the head does not go beyond its last cylinder.
    void seek(int target, long stepPicos) {
        if (cylinders == 0) {
            begin(presentCylinder, 0, abnormal() | ST0_NOT_READY.mask(), 0);
        } else {
            int steps = target - presentCylinder;
            begin(target, cylinder + steps, 0, Math.abs(steps) * stepPicos);
        }
    }

    /// Forgets what is going on.
    void stop() {
        ends.cancel();
        told = 0;
    }

    boolean isUnderWay() {
        return ends.isPending();
    }

    /// Whether one has ended of which nobody knows.
    boolean isPending() {
        return told != 0;
    }

    /// ST0 of the one that has ended, which is then no longer pending. Its H is always 0 (section 5.2.3).
    int sense() {
        int status = (int) told;
        told = 0;
        return status;
    }

    /// PCN.
    int presentCylinder() {
        return presentCylinder;
    }

    /// Where the head is.
    int cylinder() {
        return cylinder;
    }

    private void begin(int presentThen, int cylinderThen, long outcomeThen, long picos) {
        nextPresentCylinder = presentThen;
        nextCylinder = Math.clamp(cylinderThen, 0, Math.max(cylinders - 1, 0));
        outcome = outcomeThen;
        ends.in(picos);
    }

    private void ended() {
        presentCylinder = nextPresentCylinder;
        cylinder = nextCylinder;
        told = outcome | ST0_SEEK_END.mask() | drive;
        owner.run();
    }

    private static long abnormal() {
        return ST0_INTERRUPT_CODE.to(ENDED_ABNORMALLY);
    }
}
