package flyby.record;

import flyby.base.Check;
import flyby.base.LittleEndian;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.fault.DeviceFaults;
import flyby.sim.Alarm;
import flyby.trace.Trace;
import java.io.Serial;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The host of a replayed device: compares each thing that it does with the event that comes next.
final class ReplayHost implements DeviceHost, Tap, DeviceFaults {
    private static final int REMEMBERED = 16;

    /// Ends a replay from within a call of the device: by a difference, or null where a recording was cut.
    static final class Stopped extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1L;

        final transient @Nullable Difference difference;

        Stopped(@Nullable Difference difference) {
            super(null, null, false, false);
            this.difference = difference;
        }
    }

    private final RecordingReader reader;
    private final Trace trace = Trace.off();
    private final Deque<RecordedEvent> latest = new ArrayDeque<>();
    private final List<ReplayAlarm> alarms = new ArrayList<>();
    private final List<Runnable> entrances = new ArrayList<>();
    private @Nullable Transaction[] flights = {};
    private ReplayCounts counts = ReplayCounts.NONE;
    private @Nullable RecordedEvent upcoming;
    private @Nullable Device device;
    private long timePicos;
    private int depth;
    private int clockQuestions;
    private int faultQuestions;

    ReplayHost(RecordingReader reader) {
        this.reader = reader;
    }

    ReplayCounts counts() {
        return counts;
    }

    /// Makes the device and plays everything.
    void play(Function<DeviceHost, Device> maker) {
        upcoming = reader.next();
        depth++;
        Device mine = maker.apply(this);
        depth--;
        device = mine;
        while (upcoming != null) {
            RecordedEvent recorded = upcoming;
            if (recorded.event() instanceof SeamEvent.Ended) {
                take();
            } else if (recorded.event() instanceof SeamEvent.Stimulus && recorded.depth() == 0) {
                deliver();
            } else {
                throw differs("nothing more");
            }
        }
    }

    /// What the device threw is what it did.
    Difference threw(Throwable thrown) {
        return difference("that the device throws " + thrown, thrown);
    }

    private RecordedEvent take() {
        RecordedEvent taken = Objects.requireNonNull(upcoming);
        if (latest.size() == REMEMBERED) {
            latest.removeFirst();
        }
        latest.addLast(taken);
        counts = counts.and(taken);
        timePicos = taken.timePicos();
        clockQuestions = 0;
        faultQuestions = 0;
        upcoming = reader.next();
        return taken;
    }

    private void deliver() {
        RecordedEvent recorded = take();
        depth++;
        switch (recorded.event()) {
            case SeamEvent.RegisterRead(int region, long offset, int byteCount) -> {
                long value = device().readRegister(region, offset, byteCount);
                match(new SeamEvent.Answered(value & LittleEndian.ones(byteCount)));
            }
            case SeamEvent.RegisterWrite(int region, long offset, int byteCount, long value) ->
                device().writeRegister(region, offset, byteCount, value);
            case SeamEvent.Reset _ -> device().reset();
            case SeamEvent.AlarmFired(int alarm) -> alarms.get(alarm).fire();
            case SeamEvent.Entered(int entrance) -> entrances.get(entrance).run();
            case SeamEvent.Started(int number) -> start(number);
            case SeamEvent.Completed over -> complete(over);
            default -> throw Check.bug("%s is no stimulus", recorded);
        }
        depth--;
    }

    private Device device() {
        return Objects.requireNonNull(device, "a stimulus before the device is made");
    }

    private void start(int number) {
        Transaction transaction = flight(number);
        transaction.start();
        if (transaction.kind() == Kind.WRITE) {
            match(new SeamEvent.Carried(number, ByteRun.copyOf(transaction.data(), 0, transaction.byteCount())));
        }
    }

    private void complete(SeamEvent.Completed over) {
        Transaction transaction = flight(over.number());
        flights[over.number()] = null;
        over.bytes().copyTo(transaction.data(), 0);
        transaction.complete(over.status());
    }

    private Transaction flight(int number) {
        return Objects.requireNonNull(flights[number], "the recording completes what is not in flight");
    }

    /// The device does `seen`, and the host reacts within that call as it did then.
    private void act(SeamEvent seen) {
        match(seen);
        while (upcoming != null && upcoming.event() instanceof SeamEvent.Stimulus && upcoming.depth() == depth) {
            deliver();
        }
    }

    private void match(SeamEvent seen) {
        RecordedEvent recorded = upcoming;
        if (recorded == null) {
            throw new Stopped(null);
        }
        if (!recorded.event().equals(seen)) {
            throw differs(seen.toString(), recorded.event(), seen);
        }
        take();
    }

    private Stopped differs(String seen, SeamEvent expected, SeamEvent event) {
        if (expected instanceof SeamEvent.Carried then && event instanceof SeamEvent.Carried now) {
            int first = then.bytes().mismatch(now.bytes());
            if (then.number() == now.number() && first >= 0) {
                String at = ", from byte %d on: ".formatted(first);
                return new Stopped(difference(
                        "transaction " + then.number() + " with other bytes" + at
                                + now.bytes().text(first),
                        "transaction " + then.number() + " with the bytes" + at
                                + then.bytes().text(first),
                        null));
            }
        }
        return differs(seen);
    }

    private Stopped differs(String seen) {
        return new Stopped(difference(seen, null));
    }

    private Difference difference(String seen, @Nullable Throwable cause) {
        RecordedEvent recorded = upcoming;
        return difference(
                seen,
                recorded == null ? "the end of the recording" : recorded.event().toString(),
                cause);
    }

    private Difference difference(String seen, String expected, @Nullable Throwable cause) {
        RecordedEvent recorded = upcoming;
        return new Difference(
                recorded == null ? reader.cutAt() : recorded.byteOffset(),
                recorded == null ? counts.events() + 1 : recorded.number(),
                recorded == null ? timePicos : recorded.timePicos(),
                expected,
                seen,
                latest.stream().map(RecordedEvent::line).toList(),
                cause);
    }

    // What the device does.

    @Override
    public long nowPicos() {
        if (upcoming != null
                && upcoming.event() instanceof SeamEvent.ClockRead(int before)
                && before == clockQuestions) {
            take();
        } else {
            clockQuestions++;
        }
        return timePicos;
    }

    @Override
    public Alarm alarm(String name, Runnable action) {
        ReplayAlarm alarm = new ReplayAlarm(alarms.size(), action);
        alarms.add(alarm);
        act(new SeamEvent.AlarmMade(name));
        return alarm;
    }

    private final class ReplayAlarm implements Alarm {
        private final int index;
        private final Runnable action;
        private boolean isPending;

        ReplayAlarm(int index, Runnable action) {
            this.index = index;
            this.action = action;
        }

        void fire() {
            isPending = false;
            action.run();
        }

        @Override
        public void at(long atPicos) {
            isPending = true;
            act(new SeamEvent.AlarmAt(index, atPicos));
        }

        @Override
        public void in(long delayPicos) {
            isPending = true;
            act(new SeamEvent.AlarmIn(index, delayPicos));
        }

        @Override
        public void cancel() {
            isPending = false;
            act(new SeamEvent.AlarmCancelled(index));
        }

        @Override
        public boolean isPending() {
            return isPending;
        }
    }

    @Override
    public void submit(Transaction transaction) {
        transaction.accept();
        // Which number it has is the host's choice.
        int number = upcoming != null && upcoming.event() instanceof SeamEvent.Submitted begun ? begun.number() : 0;
        if (number >= flights.length) {
            flights = Arrays.copyOf(flights, number + 1);
        }
        flights[number] = transaction;
        act(RecordingFormat.submitted(
                RecordingFormat.attributes(transaction), number, transaction.iova(), transaction.byteCount()));
    }

    @Override
    public void interrupt(int vector, boolean asserted) {
        act(new SeamEvent.Interrupted(vector, asserted));
    }

    @Override
    public long currentTransfer() {
        return 0;
    }

    @Override
    public Trace trace() {
        return trace;
    }

    // What the device hears from elsewhere.

    @Override
    public long ask(String language, String name, String operation, long address, long count) {
        if (upcoming != null
                && upcoming.event() instanceof SeamEvent.FaultTold(int before, long value)
                && before == faultQuestions) {
            take();
            return value;
        }
        faultQuestions++;
        return NONE;
    }

    @Override
    public long input(long value, byte[] data, int offset, int byteCount) {
        RecordedEvent recorded = upcoming;
        if (recorded == null) {
            throw new Stopped(null);
        }
        if (!(recorded.event() instanceof SeamEvent.InputTold told)
                || told.bytes().count() != byteCount) {
            throw differs("a question for %d bytes".formatted(byteCount));
        }
        take();
        told.bytes().copyTo(data, offset);
        return told.value();
    }

    @Override
    public Runnable entrance(String name, Runnable action) {
        entrances.add(action);
        act(new SeamEvent.EntranceMade(name));
        return () -> {};
    }
}
