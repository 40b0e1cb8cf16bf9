package flyby.vectors;

import flyby.trace.Trace;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Applies a vector file to an 8237A, and gives back the same file with the chip's outputs in it.
///
/// The file is read as it is needed: it may be of any length.
public final class VectorRun {
    /// How many mismatches are kept; all are counted.
    public static final int MISMATCHES_KEPT = 20;

    private final VectorReader reader;
    private final Consumer<String> lines;
    private final List<Output> outputs;
    private final VectorText text;
    private final PinBench bench;
    private final List<Mismatch> firstMismatches = new ArrayList<>();
    private long mismatches;

    private VectorRun(VectorReader reader, PinBench bench, Consumer<String> lines) {
        this.reader = reader;
        this.bench = bench;
        this.lines = lines;
        outputs = reader.columns().outputs();
        text = new VectorText(reader.columns());
    }

    /// Runs the file that `stream` gives.
    ///
    /// @param file its name in messages
    /// @param trace who hears of the pins
    /// @param periodPicos how long a clock is, for the trace
    /// @param lines takes the lines of the file that comes out, without their ends
    /// @throws flyby.base.LabException with the place of the first thing that is wrong in the file
    /// @throws IOException if it cannot be read
    public static VectorResult run(
            String file, InputStream stream, Trace trace, long periodPicos, Consumer<String> lines) throws IOException {
        VectorReader reader = new VectorReader(file, stream);
        return new VectorRun(reader, new PinBench(trace, periodPicos), lines).all();
    }

    private VectorResult all() throws IOException {
        reader.head().forEach(remark -> lines.accept(remark.text()));
        lines.accept(text.heading());
        for (Optional<VectorLine> next = reader.next(); next.isPresent(); next = reader.next()) {
            switch (next.get()) {
                case VectorLine.Remark remark -> lines.accept(remark.text());
                case VectorLine.Vector vector -> apply(vector);
            }
        }
        return new VectorResult(
                bench.clocks(),
                bench.transfers(),
                mismatches,
                firstMismatches,
                bench.chip().explain());
    }

    /// Clocks in which the outputs are the same become one line again.
    private void apply(VectorLine.Vector vector) {
        String comment = vector.comment();
        List<String> before = List.of();
        int equal = 0;
        for (int i = 0; i < vector.repeats(); i++) {
            List<String> found = clock(vector.pins());
            compare(vector, found);
            if (equal > 0 && !found.equals(before)) {
                lines.accept(text.vector(equal, vector.inputs(), before, comment));
                comment = "";
                equal = 0;
            }
            before = found;
            equal++;
        }
        lines.accept(text.vector(equal, vector.inputs(), before, comment));
    }

    private List<String> clock(InputPins pins) {
        bench.fall(pins);
        List<String> low = levels();
        bench.rise();
        List<String> high = levels();
        List<String> both = new ArrayList<>(outputs.size());
        for (int i = 0; i < outputs.size(); i++) {
            both.add(Output.text(low.get(i), high.get(i)));
        }
        return both;
    }

    private List<String> levels() {
        List<String> levels = new ArrayList<>(outputs.size());
        for (Output output : outputs) {
            levels.add(output.level(bench));
        }
        return levels;
    }

    private void compare(VectorLine.Vector vector, List<String> found) {
        for (int i = 0; i < vector.expected().size(); i++) {
            String expected = vector.expected().get(i);
            if (Output.matches(expected, found.get(i))) {
                continue;
            }
            mismatches++;
            if (firstMismatches.size() < MISMATCHES_KEPT) {
                String column = outputs.get(i).name();
                firstMismatches.add(new Mismatch(vector.number(), bench.clocks(), column, expected, found.get(i)));
            }
        }
    }
}
