package flyby.report;

import flyby.sim.Prng;
import flyby.trace.Trace;
import flyby.trace.TraceSink;
import java.util.ArrayList;
import java.util.List;

/// A random but legal trace: nested slices, overlapping transfers, counters, signals that run ahead of each other.
final class RandomTrace {
    private static final String[] WORDS = {"a", "", "two words", Sample.HOSTILE, "\u00e9\ud83d\ude80", "$end", "x\ny"};

    private RandomTrace() {}

    static void tell(long seed, int steps, List<TraceSink> sinks) {
        Prng prng = new Prng(seed);
        Trace trace = Trace.to(sinks);
        int trackCount = 1 + (int) prng.below(80);
        int nameCount = 1 + (int) prng.below(200);
        int signalCount = 1 + (int) prng.below(120);
        int[] depths = new int[trackCount];
        int[] widths = new int[signalCount];
        long[] times = new long[signalCount];
        for (int i = 0; i < trackCount; i++) {
            trace.track(word(prng), word(prng) + i);
        }
        for (int i = 0; i < nameCount; i++) {
            trace.name(word(prng) + i);
        }
        for (int i = 0; i < signalCount; i++) {
            widths[i] = 1 + (int) prng.below(64);
            trace.signal(word(prng), word(prng), widths[i]);
        }
        List<Long> open = new ArrayList<>();
        long scale = 1L << prng.below(24);
        long now = 0;
        for (int step = 0; step < steps; step++) {
            now += prng.below(scale + 1);
            int track = (int) prng.below(trackCount);
            int name = (int) prng.below(nameCount);
            long transfer = open.isEmpty() || prng.chance(1, 2) ? 0 : open.get((int) prng.below(open.size()));
            long argument = prng.chance(1, 4) ? prng.nextLong() : prng.below(70_000);
            switch ((int) prng.below(8)) {
                case 0, 1 -> {
                    trace.begin(now, track, name, transfer, argument);
                    depths[track]++;
                }
                case 2, 3 -> {
                    if (depths[track] > 0) {
                        depths[track]--;
                        trace.end(now, track);
                    }
                }
                case 4 -> trace.instant(now, track, name, transfer, argument);
                case 5 -> trace.counter(now, track, name, argument);
                case 6 -> transfers(prng, trace, open, now, name);
                default -> {
                    for (int i = 0; i < 8; i++) {
                        int signal = (int) prng.below(signalCount);
                        times[signal] = Math.max(times[signal], now) + prng.below(scale + 1);
                        trace.signal(times[signal], signal, value(prng));
                    }
                }
            }
        }
        for (int track = 0; track < trackCount; track++) {
            for (; depths[track] > 0; depths[track]--) {
                trace.end(now, track);
            }
        }
        for (long transfer : open) {
            trace.transferEnd(now, transfer);
        }
    }

    private static void transfers(Prng prng, Trace trace, List<Long> open, long now, int name) {
        switch ((int) prng.below(3)) {
            case 0 -> {
                long id = trace.newTransfer();
                open.add(id);
                trace.transferBegin(now, id, name, prng.below(1 << 20));
            }
            case 1 -> {
                if (!open.isEmpty()) {
                    trace.phase(now, open.get((int) prng.below(open.size())), name);
                }
            }
            default -> {
                if (!open.isEmpty()) {
                    trace.transferEnd(now, open.remove((int) prng.below(open.size())));
                }
            }
        }
    }

    private static long value(Prng prng) {
        return switch ((int) prng.below(4)) {
            case 0 -> TraceSink.HIGH_IMPEDANCE;
            case 1 -> prng.below(2);
            default -> prng.nextLong();
        };
    }

    private static String word(Prng prng) {
        return WORDS[(int) prng.below(WORDS.length)];
    }
}
