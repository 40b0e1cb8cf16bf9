package flyby.fault;

import flyby.base.Check;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.sim.Alarm;
import flyby.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The host of a device that meets with faults.
final class FaultyHost implements DeviceHost, DeviceFaults {
    private final DeviceHost host;
    private final FaultInjector injector;
    private final FaultyInterrupts interrupts;
    private final FaultyFlights flights;
    private final List<FaultyAlarm> alarms = new ArrayList<>();
    private @Nullable Device device;

    FaultyHost(DeviceHost host, FaultInjector injector) {
        this.host = host;
        this.injector = injector;
        interrupts = new FaultyInterrupts(host::interrupt, injector);
        flights = new FaultyFlights(host, injector);
    }

    /// The device is there: what is to befall it by the clock is set.
    void made(Device newDevice) {
        device = newDevice;
        for (ArmedRule each : injector.rules()) {
            if (isByTheClock(each.rule())) {
                injector.deferred().in(each.rule().selection().fromPicos(), () -> meetsItsTime(each));
            }
        }
    }

    /// Whether a rule about the device needs no access to come true.
    private static boolean isByTheClock(FaultRule rule) {
        return rule.targets().contains(FaultTarget.DEVICE) && rule.selection().hits(1);
    }

    private void meetsItsTime(ArmedRule rule) {
        if (injector.isWanted(rule)) {
            befall(rule);
        }
    }

    private Device device() {
        Device mine = device;
        if (mine == null) {
            throw Check.bug("an access to a device that is being made");
        }
        return mine;
    }

    /// Something crosses the seam, at which the device may fail for good.
    ///
    /// @return whether it is still there
    private boolean access() {
        if (injector.isRemoved) {
            return false;
        }
        ArmedRule rule = injector.choose(FaultTarget.DEVICE, 0, 1, 0);
        if (rule != null) {
            befall(rule);
        }
        return !injector.isRemoved;
    }

    private void befall(ArmedRule rule) {
        if (rule.rule().action() == FaultAction.REMOVE) {
            injector.tell(rule, "the device is gone");
            interrupts.release();
            injector.isRemoved = true;
            flights.drop();
            return;
        }
        long picos = rule.rule().effect().picos();
        injector.tell(rule, picos == 0 ? "the device hangs" : "the device hangs for %d ps".formatted(picos));
        injector.isHung = true;
        if (picos > 0) {
            injector.deferred().in(picos, this::recover);
        }
    }

    /// The device goes on, with what it has missed.
    private void recover() {
        if (injector.isHung && !injector.isRemoved) {
            injector.isHung = false;
            alarms.forEach(FaultyAlarm::catchUp);
            flights.release();
        }
    }

    // What the host does.

    long readRegister(int region, long offset, int byteCount) {
        if (!access()) {
            return Device.ABSENT;
        }
        ArmedRule rule = injector.choose(FaultTarget.REGISTER_READ, offset, byteCount, region);
        if (rule == null) {
            return device().readRegister(region, offset, byteCount);
        }
        String name = "read of register %d:0x%x+%d".formatted(region, offset, byteCount);
        if (rule.rule().action() == FaultAction.CORRUPT) {
            Corruption corruption = Corruption.of(rule, byteCount);
            injector.tell(rule, name + ": " + corruption);
            return corruption.apply(device().readRegister(region, offset, byteCount));
        }
        injector.tell(rule, name + " lost");
        return Device.ABSENT;
    }

    void writeRegister(int region, long offset, int byteCount, long value) {
        if (!access()) {
            return;
        }
        ArmedRule rule = injector.choose(FaultTarget.REGISTER_WRITE, offset, byteCount, region);
        if (rule == null) {
            pass(region, offset, byteCount, value);
            return;
        }
        String name = "write of register %d:0x%x+%d".formatted(region, offset, byteCount);
        switch (rule.rule().action()) {
            case DROP -> injector.tell(rule, name + " lost");
            case DELAY -> {
                long picos = rule.rule().effect().picos();
                injector.tell(rule, "%s %d ps later".formatted(name, picos));
                injector.deferred().in(picos, () -> pass(region, offset, byteCount, value));
            }
            case CORRUPT -> {
                Corruption corruption = Corruption.of(rule, byteCount);
                injector.tell(rule, name + ": " + corruption);
                pass(region, offset, byteCount, corruption.apply(value));
            }
            default -> {
                injector.tell(rule, name + " twice");
                pass(region, offset, byteCount, value);
                pass(region, offset, byteCount, value);
            }
        }
    }

    private void pass(int region, long offset, int byteCount, long value) {
        if (!injector.isRemoved && !injector.isHung) {
            device().writeRegister(region, offset, byteCount, value);
        }
    }

    void reset() {
        if (injector.isRemoved) {
            return;
        }
        boolean wasHung = injector.isHung;
        injector.isHung = false;
        alarms.forEach(FaultyAlarm::forget);
        device().reset();
        if (wasHung) {
            flights.release();
        }
    }

    // What the device does.

    @Override
    public long nowPicos() {
        return host.nowPicos();
    }

    @Override
    public Alarm alarm(String name, Runnable action) {
        FaultyAlarm alarm = new FaultyAlarm(name, action);
        alarms.add(alarm);
        return alarm;
    }

    private final class FaultyAlarm implements Alarm {
        private final Alarm alarm;
        private final Runnable action;
        /// Its time came while the device hung.
        private boolean isMissed;

        FaultyAlarm(String name, Runnable action) {
            this.action = action;
            alarm = host.alarm(name, this::fire);
        }

        private void fire() {
            if (injector.isHung) {
                isMissed = true;
            } else if (!injector.isRemoved) {
                action.run();
            }
        }

        void catchUp() {
            if (isMissed) {
                isMissed = false;
                action.run();
            }
        }

        void forget() {
            isMissed = false;
        }

        @Override
        public void at(long timePicos) {
            isMissed = false;
            alarm.at(timePicos);
        }

        @Override
        public void in(long delayPicos) {
            isMissed = false;
            alarm.in(delayPicos);
        }

        @Override
        public void cancel() {
            isMissed = false;
            alarm.cancel();
        }

        @Override
        public boolean isPending() {
            return isMissed || alarm.isPending();
        }
    }

    @Override
    public void submit(Transaction transaction) {
        transaction.accept();
        if (access()) {
            flights.submit(transaction);
        }
    }

    @Override
    public void interrupt(int vector, boolean asserted) {
        interrupts.interrupt(vector, asserted);
    }

    @Override
    public long ask(String language, String name, String operation, long address, long count) {
        ArmedRule rule = injector.chooseOperation(language, name, operation, address, count);
        if (rule == null) {
            return NONE;
        }
        long value = rule.rule().operation().value();
        injector.tell(rule, "%s %s at %d+%d: %s 0x%x".formatted(language, operation, address, count, name, value));
        return value;
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
}
