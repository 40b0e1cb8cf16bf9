package flyby.record;

import flyby.base.LittleEndian;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.bus.Transaction.Tenure;
import flyby.sim.Alarm;
import flyby.trace.Trace;

/// The smallest device that uses all of the seam: reads 16 bytes, inverts them a while later, writes them next to
/// where they were, and interrupts. Several at once.
public final class ScrambleDevice implements Device {
    /// Written: where to read from. Read: how many are under way.
    public static final int GO = 0;
    /// Done, failed, and the time of the last one.
    public static final int DONE = 8;

    public static final int FAILED = 16;
    public static final int LAST = 24;
    /// Written: takes the interrupt back.
    public static final int CLEAR = 32;

    public static final int BYTES = 16;
    private static final int JOBS = 4;
    private static final long WORK_PICOS = 70;

    private final DeviceHost host;
    private final Job[] jobs = new Job[JOBS];
    private final int track;
    private final int name;
    private long done;
    private long failed;
    private long last;

    public ScrambleDevice(DeviceHost host) {
        this.host = host;
        for (int i = 0; i < JOBS; i++) {
            jobs[i] = new Job(i);
        }
        Trace trace = host.trace();
        track = trace.track("scramble", "jobs");
        name = trace.name("done");
        host.interrupt(0, false);
    }

    @Override
    public long readRegister(int region, long offset, int byteCount) {
        if (region != 0) {
            return ABSENT;
        }
        return switch ((int) offset) {
            case GO -> underWay();
            case DONE -> done;
            case FAILED -> failed;
            case LAST -> last;
            default -> ABSENT;
        };
    }

    private int underWay() {
        int count = 0;
        for (Job job : jobs) {
            count += job.isBusy ? 1 : 0;
        }
        return count;
    }

    @Override
    public void writeRegister(int region, long offset, int byteCount, long value) {
        if (offset == GO) {
            for (Job job : jobs) {
                if (!job.isBusy) {
                    job.begin(value);
                    return;
                }
            }
        } else if (offset == CLEAR) {
            host.interrupt(0, false);
        }
    }

    @Override
    public void reset() {
        done = 0;
        failed = 0;
        host.interrupt(0, false);
    }

    private final class Job implements Transaction.Owner {
        private final Transaction transaction = new Transaction(this, BYTES);
        private final Alarm alarm;
        private boolean isBusy;
        private long from;

        Job(int index) {
            alarm = host.alarm("job " + index, this::write);
        }

        void begin(long address) {
            isBusy = true;
            from = address;
            transaction.begin(Kind.READ, from, BYTES, Tenure.RELEASE, 0);
            host.submit(transaction);
        }

        private void write() {
            byte[] data = transaction.data();
            LittleEndian.put(~LittleEndian.get(data, 0, 8), data, 0, 8);
            LittleEndian.put(~LittleEndian.get(data, 8, 8), data, 8, 8);
            transaction.begin(Kind.WRITE, from + BYTES, BYTES, Tenure.RELEASE, 0);
            host.submit(transaction);
        }

        @Override
        public void completed(Transaction over, Status status) {
            last = host.nowPicos();
            if (over.kind() == Kind.READ && status == Status.SUCCESS) {
                alarm.in(WORK_PICOS);
                return;
            }
            isBusy = false;
            done += status == Status.SUCCESS ? 1 : 0;
            failed += status == Status.SUCCESS ? 0 : 1;
            if (host.trace().isOn()) {
                host.trace().instant(last, track, name, 0, from);
            }
            host.interrupt(0, true);
        }
    }
}
