package flyby.vectors;

import java.util.Arrays;
import java.util.List;

/// What the first line of a vector file says: which columns there are, and in which order.
record Columns(List<Input> inputs, List<Output> outputs) {
    Columns {
        inputs = List.copyOf(inputs);
        // A file that names no outputs is answered with all of them.
        outputs = outputs.isEmpty() ? Arrays.asList(Output.values()) : List.copyOf(outputs);
    }
}
