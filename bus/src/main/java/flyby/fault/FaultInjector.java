package flyby.fault;

import flyby.bus.DeviceHost;
import flyby.trace.Trace;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the parts of a faulty host share: who decides, who is told, what is to happen later, and how the device is.
final class FaultInjector {
    private final DeviceHost host;
    private final List<ArmedRule> rules;
    private final FaultLog log;
    private final Deferred deferred;
    private final Trace trace;
    private final int track;
    private final int name;
    private final long madePicos;

    /// Whether the device is there no more.
    boolean isRemoved;
    /// Whether it has stopped.
    boolean isHung;

    FaultInjector(DeviceHost host, String device, List<ArmedRule> rules, FaultLog log) {
        this.host = host;
        this.rules = rules;
        this.log = log;
        deferred = new Deferred(host);
        trace = host.trace();
        track = trace.track(device, "faults");
        name = trace.name("fault");
        madePicos = host.nowPicos();
    }

    List<ArmedRule> rules() {
        return rules;
    }

    Deferred deferred() {
        return deferred;
    }

    /// The rule that hits this event, if one does. All count it.
    @Nullable
    ArmedRule choose(FaultTarget target, long address, long count, int number) {
        ArmedRule chosen = null;
        long picos = host.nowPicos() - madePicos;
        for (int i = 0; i < rules.size(); i++) {
            ArmedRule each = rules.get(i);
            boolean isWanted = each.rule().targets().contains(target) && each.wants(address, count, number, picos);
            if (isWanted && chosen == null) {
                chosen = each;
            }
        }
        if (chosen != null) {
            chosen.hit();
        }
        return chosen;
    }

    /// Whether `rule`, which is about the device, hits it now; it is counted.
    boolean isWanted(ArmedRule rule) {
        boolean isWanted = !isRemoved && rule.wants(0, 1, 0, host.nowPicos() - madePicos);
        if (isWanted) {
            rule.hit();
        }
        return isWanted;
    }

    /// The rule that gives the device a fault of its own, if one does.
    @Nullable
    ArmedRule chooseOperation(String device, String fault, String operation, long address, long count) {
        ArmedRule chosen = null;
        long picos = host.nowPicos() - madePicos;
        for (ArmedRule each : rules) {
            FaultRule.Operation wanted = each.rule().operation();
            boolean isAbout = wanted.device().equals(device)
                    && wanted.name().equals(fault)
                    && wanted.operation().equals(operation);
            if (isAbout && each.wants(address, count, 0, picos) && chosen == null) {
                chosen = each;
            }
        }
        if (chosen != null) {
            chosen.hit();
        }
        return chosen;
    }

    /// A fault is made.
    void tell(ArmedRule rule, String what) {
        long now = host.nowPicos();
        log.add(new InjectedFault(now, rule.rule().text(), what));
        if (trace.isOn()) {
            trace.instant(now, track, name, 0, log.count());
        }
    }
}
