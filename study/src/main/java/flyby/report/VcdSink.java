package flyby.report;

import flyby.base.Check;
import flyby.trace.TraceSink;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Writes signals as a value change dump (IEEE 1364-2005, section 18), one time unit a picosecond, as they arrive.
///
/// A dump holds one run. Only changes are written. The times of one signal never go back, but one signal may run
/// ahead of another: changes wait in a queue of at most [#REORDER_MAX] until they are written in order of time.
///
/// Clocks are no records of the trace, as they would be most of it: they are made here.
public final class VcdSink implements TraceSink, AutoCloseable {
    /// How many changes may wait for their turn: a signal may be so many changes ahead of the others.
    public static final int REORDER_MAX = 1 << 16;

    /// No end of the time window.
    public static final long FOREVER = Long.MAX_VALUE;

    private static final class Signal {
        private final String scope;
        private final String name;
        private final int widthBits;
        private final byte[] code;
        private long value;
        private boolean isKnown;
        /// Of a clock; 0 for any other signal.
        private long periodPicos;

        private long nextEdgePicos;

        private Signal(String scope, String name, int widthBits, byte[] code) {
            this.scope = scope;
            this.name = name;
            this.widthBits = widthBits;
            this.code = code;
        }
    }

    private final OutputStream stream;
    private final byte[] buffer = new byte[1 << 16];
    private int buffered;
    private final long fromPicos;
    private final long untilPicos;
    private final List<Signal> all = new ArrayList<>();
    private final List<Signal> signals = new ArrayList<>();
    private final List<Signal> clocks = new ArrayList<>();
    private final ChangeQueue queue = new ChangeQueue();
    private final byte[] digits = new byte[80];
    private long writtenPicos = -1;
    private boolean hasHeader;
    private boolean hasValues;

    /// A sink that writes all changes to `stream`, which stays open when this is closed.
    public VcdSink(OutputStream stream) {
        this(stream, 0, FOREVER);
    }

    /// A sink that writes the changes from `fromPicos` up to, not including, `untilPicos`, after the values that
    /// the signals have at `fromPicos`.
    public VcdSink(OutputStream stream, long fromPicos, long untilPicos) {
        Check.that(0 <= fromPicos && fromPicos <= untilPicos, "window from %d to %d ps", fromPicos, untilPicos);
        this.stream = stream;
        this.fromPicos = fromPicos;
        this.untilPicos = untilPicos;
    }

    /// Adds a clock. It runs up to the last change of any signal.
    ///
    /// @param periodPicos 2 or more
    /// @param startsHigh whether it is high from every multiple of `periodPicos` on for half of it, else low
    @Override
    public void defineClock(String scope, String name, long periodPicos, boolean startsHigh) {
        Check.that(periodPicos >= 2, "clock %s has a period of %d ps", name, periodPicos);
        Signal clock = add(scope, name, 1);
        clock.periodPicos = periodPicos;
        boolean inFirstHalf = fromPicos % periodPicos < periodPicos / 2;
        clock.value = inFirstHalf == startsHigh ? 1 : 0;
        clock.isKnown = true;
        clock.nextEdgePicos = nextEdge(clock, fromPicos);
        clocks.add(clock);
    }

    @Override
    public boolean wantsSignals() {
        return true;
    }

    @Override
    public void defineSignal(int signal, String scope, String name, int widthBits) {
        Check.that(widthBits >= 1 && widthBits <= 64, "signal %s has %d bits", name, widthBits);
        Check.that(signal == signals.size(), "signal %d comes after %d", signal, signals.size());
        signals.add(add(scope, name, widthBits));
    }

    @Override
    public void signal(long timePicos, int signal, long value) {
        if (timePicos >= untilPicos) {
            return;
        }
        if (timePicos < writtenPicos) {
            throw Check.bug(
                    "signal %s at %d ps comes more than %d changes late (%d ps is written)",
                    signals.get(signal).name, timePicos, REORDER_MAX, writtenPicos);
        }
        queue.add(timePicos, signal, value);
        if (queue.size() > REORDER_MAX) {
            writeFirst();
        }
    }

    /// Writes what waits, and the header if there was no change at all.
    @Override
    public void close() {
        while (queue.size() > 0) {
            writeFirst();
        }
        try {
            writeHeader();
            writeInitialValues();
            flush();
            stream.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Signal add(String scope, String name, int widthBits) {
        Check.that(!hasHeader, "signal %s comes after the first change", name);
        Signal signal = new Signal(scope, name, widthBits, code(all.size()));
        all.add(signal);
        return signal;
    }

    private void writeFirst() {
        long time = queue.firstTime();
        Signal signal = signals.get(queue.firstSignal());
        long value = queue.firstValue();
        queue.removeFirst();
        if (value != HIGH_IMPEDANCE && signal.widthBits < 64) {
            value &= (1L << signal.widthBits) - 1;
        }
        try {
            writeHeader();
            if (time >= fromPicos) {
                writeInitialValues();
            }
            boolean isChange = !signal.isKnown || signal.value != value;
            signal.isKnown = true;
            signal.value = value;
            if (isChange && time >= fromPicos) {
                writeClocksUpTo(time);
                writeTime(time);
                writeValue(signal);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void writeClocksUpTo(long time) throws IOException {
        while (true) {
            Signal next = null;
            for (int i = 0; i < clocks.size(); i++) {
                Signal clock = clocks.get(i);
                if (clock.nextEdgePicos <= time && (next == null || clock.nextEdgePicos < next.nextEdgePicos)) {
                    next = clock;
                }
            }
            if (next == null) {
                return;
            }
            writeTime(next.nextEdgePicos);
            next.value ^= 1;
            writeValue(next);
            next.nextEdgePicos = nextEdge(next, next.nextEdgePicos);
        }
    }

    /// The first edge after `time`.
    private static long nextEdge(Signal clock, long time) {
        long start = time - time % clock.periodPicos;
        long half = start + clock.periodPicos / 2;
        return time < half ? half : start + clock.periodPicos;
    }

    private void writeTime(long time) throws IOException {
        if (time != writtenPicos) {
            writtenPicos = time;
            write((byte) '#');
            writeDecimal(time);
            write((byte) '\n');
        }
    }

    private void writeDecimal(long value) throws IOException {
        int at = digits.length;
        long rest = value;
        do {
            digits[--at] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest != 0);
        write(digits, at, digits.length - at);
    }

    private void writeValue(Signal signal) throws IOException {
        int at = digits.length;
        if (!signal.isKnown) {
            digits[--at] = 'x';
        } else if (signal.value == HIGH_IMPEDANCE) {
            digits[--at] = 'z';
        } else {
            // Leading zeros are left out: a reader extends by zeros if the first digit is 0 or 1 (section 18.2.1).
            long rest = signal.value;
            do {
                digits[--at] = (byte) ('0' + (rest & 1));
                rest >>>= 1;
            } while (rest != 0);
        }
        if (signal.widthBits > 1) {
            write((byte) 'b');
        }
        write(digits, at, digits.length - at);
        if (signal.widthBits > 1) {
            write((byte) ' ');
        }
        write(signal.code, 0, signal.code.length);
        write((byte) '\n');
    }

    private void writeInitialValues() throws IOException {
        if (!hasValues) {
            hasValues = true;
            writeTime(fromPicos);
            write("$dumpvars\n");
            for (Signal signal : all) {
                writeValue(signal);
            }
            write("$end\n");
        }
    }

    private void writeHeader() throws IOException {
        if (hasHeader) {
            return;
        }
        hasHeader = true;
        write("$version Flyby $end\n$timescale 1 ps $end\n");
        Map<String, List<Signal>> scopes = new LinkedHashMap<>();
        for (Signal signal : all) {
            scopes.computeIfAbsent(word(signal.scope), _ -> new ArrayList<>()).add(signal);
        }
        for (Map.Entry<String, List<Signal>> scope : scopes.entrySet()) {
            write("$scope module " + scope.getKey() + " $end\n");
            Set<String> taken = new LinkedHashSet<>();
            for (Signal signal : scope.getValue()) {
                String name = word(signal.name);
                for (int i = 2; !taken.add(name); i++) {
                    name = word(signal.name) + "_" + i;
                }
                String range = signal.widthBits == 1 ? "" : " [" + (signal.widthBits - 1) + ":0]";
                String code = new String(signal.code, StandardCharsets.US_ASCII);
                write("$var wire " + signal.widthBits + " " + code + " " + name + range + " $end\n");
            }
            write("$upscope $end\n");
        }
        write("$enddefinitions $end\n");
    }

    private void write(String text) throws IOException {
        flush();
        stream.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private void write(byte character) throws IOException {
        if (buffered == buffer.length) {
            flush();
        }
        buffer[buffered++] = character;
    }

    private void write(byte[] bytes, int from, int count) throws IOException {
        if (buffered + count > buffer.length) {
            flush();
        }
        System.arraycopy(bytes, from, buffer, buffered, count);
        buffered += count;
    }

    private void flush() throws IOException {
        stream.write(buffer, 0, buffered);
        buffered = 0;
    }

    /// A Verilog identifier that looks like `text`.
    private static String word(String text) {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean isPlain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
            word.append(isPlain ? c : '_');
        }
        boolean needsStart = word.isEmpty() || Character.isDigit(word.charAt(0));
        return needsStart ? "_" + word : word.toString();
    }

    /// Identifier codes are made of the 94 printable characters from `!` to `~` (section 18.2.1).
    private static byte[] code(int index) {
        StringBuilder code = new StringBuilder();
        int rest = index;
        do {
            code.append((char) ('!' + rest % 94));
            rest = rest / 94 - 1;
        } while (rest >= 0);
        return code.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
