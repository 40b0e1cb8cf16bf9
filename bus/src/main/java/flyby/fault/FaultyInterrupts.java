package flyby.fault;

import flyby.bus.InterruptSink;
import java.util.Arrays;

/// Loses, repeats and delays interrupts. What counts is a rising edge, with which a message leaves.
final class FaultyInterrupts {
    private final InterruptSink sink;
    private final FaultInjector injector;
    /// By vector: the level that the device drives, that the host sees, and whether a rise was kept from the host.
    private boolean[] driven = {};

    private boolean[] seen = {};
    private boolean[] isKept = {};

    FaultyInterrupts(InterruptSink sink, FaultInjector injector) {
        this.sink = sink;
        this.injector = injector;
    }

    void interrupt(int vector, boolean asserted) {
        if (injector.isRemoved) {
            return;
        }
        if (vector >= driven.length) {
            driven = Arrays.copyOf(driven, vector + 1);
            seen = Arrays.copyOf(seen, vector + 1);
            isKept = Arrays.copyOf(isKept, vector + 1);
        }
        boolean rises = asserted && !driven[vector];
        driven[vector] = asserted;
        ArmedRule rule = rises ? injector.choose(FaultTarget.INTERRUPT, 0, 1, vector) : null;
        if (rule != null) {
            spoil(vector, rule);
        } else if (!asserted || !isKept[vector]) {
            isKept[vector] = false;
            drive(vector, asserted);
        }
    }

    private void spoil(int vector, ArmedRule rule) {
        long picos = rule.rule().effect().picos();
        switch (rule.rule().action()) {
            case DROP -> {
                injector.tell(rule, "interrupt %d lost".formatted(vector));
                isKept[vector] = true;
            }
            case DELAY -> {
                injector.tell(rule, "interrupt %d comes %d ps later".formatted(vector, picos));
                isKept[vector] = true;
                injector.deferred().in(picos, () -> arrive(vector));
            }
            default -> {
                injector.tell(rule, "interrupt %d twice".formatted(vector));
                drive(vector, true);
                drive(vector, false);
                drive(vector, true);
            }
        }
    }

    /// A delayed one comes, whether the device still wants it or not.
    private void arrive(int vector) {
        if (injector.isRemoved) {
            return;
        }
        if (seen[vector]) {
            drive(vector, false);
        }
        drive(vector, true);
        isKept[vector] = false;
        if (!driven[vector]) {
            drive(vector, false);
        }
    }

    private void drive(int vector, boolean asserted) {
        seen[vector] = asserted;
        sink.interrupt(vector, asserted);
    }

    /// Nobody drives them any more.
    void release() {
        for (int vector = 0; vector < seen.length; vector++) {
            if (seen[vector]) {
                drive(vector, false);
            }
        }
    }
}
