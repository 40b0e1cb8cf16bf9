package flyby.record;

import flyby.base.LittleEndian;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.fault.DeviceFaults;
import flyby.sim.Alarm;
import flyby.trace.Trace;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The host of a device that is recorded: passes all on, and writes it down.
///
/// While the device acts, a stimulus is open; a host that completes a transaction in the very call that submits it
/// opens another one within.
final class RecordingHost implements DeviceHost, Tap, DeviceFaults {
    private final DeviceHost host;
    private final RecordWriter writer;
    private final DeviceFaults faults;
    private final long flushPicos;
    private final @Nullable Alarm flushing;
    private @Nullable Device device;
    /// By number; the numbers in the first `freeCount` places of `free` are not in flight.
    private Flight[] flights = {};

    private int[] free = {};
    private int freeCount;
    private int alarmCount;
    private int entranceCount;
    /// Stimuli that are open.
    private int depth;
    /// Questions that needed no event, since the latest event.
    private int clockQuestions;

    private int faultQuestions;
    private long eventsThen;

    /// @param flushPicos how long an event may wait for the sink; 0 for as long as it likes
    RecordingHost(DeviceHost host, RecordWriter writer, long flushPicos) {
        this.host = host;
        this.writer = writer;
        this.flushPicos = flushPicos;
        flushing = flushPicos == 0 ? null : host.alarm("recording", writer::flush);
        faults = DeviceFaults.of(host);
    }

    /// What happens from now on until [#made] is part of making the device.
    void making() {
        depth++;
    }

    void made(Device newDevice) {
        depth--;
        device = newDevice;
    }

    private Device device() {
        return Objects.requireNonNull(device, "an access to a device that is being made");
    }

    // What the host does.

    /// A stimulus begins.
    private void begin() {
        depth++;
        if (flushing != null && !flushing.isPending()) {
            flushing.in(flushPicos);
        }
    }

    long readRegister(int region, long offset, int byteCount) {
        writer.read(host.nowPicos(), depth, region, offset, byteCount);
        begin();
        long value = device().readRegister(region, offset, byteCount);
        depth--;
        writer.answered(host.nowPicos(), value & LittleEndian.ones(byteCount));
        return value;
    }

    void writeRegister(int region, long offset, int byteCount, long value) {
        writer.write(host.nowPicos(), depth, region, offset, byteCount, value);
        begin();
        device().writeRegister(region, offset, byteCount, value);
        depth--;
    }

    void reset() {
        writer.reset(host.nowPicos(), depth);
        begin();
        device().reset();
        depth--;
    }

    private void run(int kind, int index, Runnable action) {
        writer.indexed(kind, host.nowPicos(), depth, index);
        begin();
        action.run();
        depth--;
    }

    // What the device does.

    @Override
    public long nowPicos() {
        long now = host.nowPicos();
        if (now == writer.lastPicos()) {
            forgetOldQuestions();
            clockQuestions++;
        } else {
            forgetOldQuestions();
            writer.clockRead(now, clockQuestions);
        }
        return now;
    }

    private void forgetOldQuestions() {
        if (eventsThen != writer.events()) {
            eventsThen = writer.events();
            clockQuestions = 0;
            faultQuestions = 0;
        }
    }

    @Override
    public Alarm alarm(String name, Runnable action) {
        int index = alarmCount++;
        writer.made(RecordingFormat.ALARM_MADE, host.nowPicos(), name);
        return new RecordedAlarm(index, host.alarm(name, () -> run(RecordingFormat.ALARM_FIRED, index, action)));
    }

    private final class RecordedAlarm implements Alarm {
        private final int index;
        private final Alarm alarm;

        RecordedAlarm(int index, Alarm alarm) {
            this.index = index;
            this.alarm = alarm;
        }

        @Override
        public void at(long timePicos) {
            long now = host.nowPicos();
            writer.alarmSet(RecordingFormat.ALARM_AT, now, index, timePicos - now);
            alarm.at(timePicos);
        }

        @Override
        public void in(long delayPicos) {
            writer.alarmSet(RecordingFormat.ALARM_IN, host.nowPicos(), index, delayPicos);
            alarm.in(delayPicos);
        }

        @Override
        public void cancel() {
            writer.plain(RecordingFormat.ALARM_CANCELLED, host.nowPicos(), index);
            alarm.cancel();
        }

        @Override
        public boolean isPending() {
            return alarm.isPending();
        }
    }

    @Override
    public void submit(Transaction transaction) {
        transaction.accept();
        Flight flight = takeFlight();
        writer.submitted(host.nowPicos(), flight.number, transaction);
        flight.submit(transaction);
    }

    private Flight takeFlight() {
        if (freeCount == 0) {
            int count = flights.length;
            flights = Arrays.copyOf(flights, count + 1);
            free = new int[count + 1];
            flights[count] = new Flight(count);
            return flights[count];
        }
        return flights[free[--freeCount]];
    }

    /// A transaction of the device on its way, by one that stands in for it.
    private final class Flight implements Transaction.Owner {
        private final int number;
        private final Transaction standIn = Transaction.standIn(this);
        private @Nullable Transaction original;
        private boolean isStarted;

        Flight(int number) {
            this.number = number;
        }

        void submit(Transaction transaction) {
            original = transaction;
            isStarted = false;
            standIn.standFor(transaction);
            host.submit(standIn);
        }

        private Transaction original() {
            return Objects.requireNonNull(original);
        }

        @Override
        public void started(Transaction started) {
            isStarted = true;
            writer.indexed(RecordingFormat.STARTED, host.nowPicos(), depth, number);
            begin();
            original().start();
            depth--;
            if (started.kind() == Kind.WRITE) {
                writer.carried(host.nowPicos(), number, started);
            }
        }

        @Override
        public String purpose(Transaction transaction) {
            return original().purpose();
        }

        @Override
        public void completed(Transaction over, Status status) {
            if (!isStarted) {
                // A host that does not say when an access starts: the bytes of a write are to be recorded all the same.
                started(over);
            }
            writer.completed(host.nowPicos(), depth, number, over, status);
            Transaction mine = original();
            original = null;
            free[freeCount++] = number;
            begin();
            mine.complete(status);
            depth--;
        }
    }

    @Override
    public void interrupt(int vector, boolean asserted) {
        writer.interrupted(host.nowPicos(), vector, asserted);
        host.interrupt(vector, asserted);
    }

    @Override
    public long currentTransfer() {
        return host.currentTransfer();
    }

    @Override
    public void objection(String what) {
        host.objection(what);
    }

    @Override
    public boolean isMaster() {
        return host.isMaster();
    }

    @Override
    public Trace trace() {
        return host.trace();
    }

    // What the device hears from elsewhere.

    @Override
    public long ask(String language, String name, String operation, long address, long count) {
        long value = faults.ask(language, name, operation, address, count);
        forgetOldQuestions();
        if (value == NONE) {
            faultQuestions++;
        } else {
            writer.faultTold(host.nowPicos(), faultQuestions, value);
        }
        return value;
    }

    @Override
    public long input(long value, byte[] data, int offset, int byteCount) {
        writer.inputTold(host.nowPicos(), value, data, offset, byteCount);
        return value;
    }

    @Override
    public Runnable entrance(String name, Runnable action) {
        int index = entranceCount++;
        writer.made(RecordingFormat.ENTRANCE_MADE, host.nowPicos(), name);
        return () -> run(RecordingFormat.ENTERED, index, action);
    }
}
