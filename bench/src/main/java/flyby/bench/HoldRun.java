package flyby.bench;

import java.util.Locale;

/// One run of the hold model, with a RESULT line as `systemc/hold` prints it.
///
/// usage: `HoldRun <mode: event|thread|virtual> <pending> <events> [dist 0..2] [warm]`, where `virtual` runs the
/// processes and the simulation itself on virtual threads.
final class HoldRun {
    /// The JIT compiler replaces a loop it is in only when that is entered anew, so warming up takes several runs.
    private static final int WARM_ROUNDS = 10;

    private HoldRun() {}

    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length > 0 && arguments[0].equals("virtual")) {
            Thread.ofVirtual().start(() -> run(arguments)).join();
        } else {
            run(arguments);
        }
    }

    private static void run(String[] arguments) {
        String mode = arguments.length > 0 ? arguments[0] : "event";
        int pendingCount = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1_000;
        long eventCount = arguments.length > 2 ? Long.parseLong(arguments[2]) : 5_000_000;
        Delays.Kind kind = Delays.Kind.ofCode(arguments.length > 3 ? Integer.parseInt(arguments[3]) : 0);
        long warmCount = arguments.length > 4 ? Long.parseLong(arguments[4]) : 2L * pendingCount + 10_000_000;

        if (!mode.equals("event")) {
            Hold.warmUpProcesses(kind);
        }
        Hold hold = new Hold(pendingCount, kind, !mode.equals("event"));
        long warmed = 0;
        for (int round = 1; round <= WARM_ROUNDS; round++) {
            long next = warmCount * round / WARM_ROUNDS;
            hold.fire(next - warmed);
            warmed = next;
        }
        long startPicos = hold.nowPicos();
        long startNanos = Result.cpuNanos();
        hold.fire(eventCount);
        long nanos = Result.cpuNanos() - startNanos;
        Result.print(
                String.format(Locale.ROOT, "flyby-hold mode=%s pending=%d dist=%d", mode, pendingCount, kind.code()),
                eventCount,
                nanos,
                hold.nowPicos() - startPicos,
                hold.digest());
    }
}
