package flyby.fault;

import flyby.base.Check;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Makes the faults of a plan at the seam of one device. Neither the device nor its host can tell them from real ones.
///
/// ```java
/// Faults faults = new Faults("nvme0", FaultPlan.parse("--fault", "drop interrupt every 100th"));
/// Device device = faults.around(host -> new RingDevice(host, profile)).apply(host);
/// ...
/// faults.log().count();
/// ```
/// Equal plans and equal events give equal faults. Of other decorators, a [flyby.record.Recorder] belongs between this
/// and the device.
public final class Faults {
    private final String device;
    private final List<ArmedRule> rules = new ArrayList<>();
    private final FaultLog log;
    private boolean isUsed;

    /// The faults of `plan` at one device.
    ///
    /// @param device how traces call it
    public Faults(String device, FaultPlan plan) {
        this.device = device;
        for (FaultRule rule : plan.rules()) {
            rules.add(new ArmedRule(rule, rules.size()));
        }
        log = new FaultLog(rules);
    }

    /// A maker of the same device, with faults around it; without rules it is `maker` itself. It makes one device.
    public Function<DeviceHost, Device> around(Function<DeviceHost, Device> maker) {
        if (rules.isEmpty()) {
            return maker;
        }
        return host -> {
            Check.that(!isUsed, "the faults of a plan are counted for one device");
            isUsed = true;
            FaultyHost between = new FaultyHost(host, new FaultInjector(host, device, rules, log));
            Device made = maker.apply(between);
            between.made(made);
            return new FaultyDevice(between);
        };
    }

    /// What was done so far.
    public FaultLog log() {
        return log;
    }
}
