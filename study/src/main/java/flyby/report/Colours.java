package flyby.report;

import java.util.ArrayList;
import java.util.List;

/// Which of the report's colours a phase or slice has: the same name has the same colour everywhere in a report.
final class Colours {
    /// The style sheet has the classes `c0` to `c11`.
    private static final int COUNT = 12;

    /// Grey stands for no name in particular.
    static final int GREY = 8;

    private final List<String> names = new ArrayList<>();

    /// The class of `name`: names are given colours in the order in which they are first asked for.
    int of(String name) {
        int index = names.indexOf(name);
        if (index < 0) {
            index = names.size();
            names.add(name);
        }
        int colour = index % (COUNT - 1);
        return colour < GREY ? colour : colour + 1;
    }
}
