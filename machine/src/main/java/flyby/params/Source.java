package flyby.params;

/// Why anybody should believe a value.
public sealed interface Source {
    /// Printed in a public specification or data sheet.
    ///
    /// @param document title and edition: `Intel 8086 data sheet, 231455-005`
    /// @param place section, page or table
    record Spec(String document, String place) implements Source {
        @Override
        public String text() {
            return place.isEmpty() ? document : document + ", " + place;
        }
    }

    /// Measured on real hardware.
    record Measured(String experiment, String machine) implements Source {
        @Override
        public String text() {
            return "measured: " + experiment + ", on " + machine;
        }
    }

    /// Follows from other values.
    record Derived(String formula) implements Source {
        @Override
        public String text() {
            return "derived: " + formula;
        }
    }

    /// Nobody printed or measured it; `why` says what makes it reasonable.
    record Assumed(String why) implements Source {
        @Override
        public String text() {
            return "assumed: " + why;
        }
    }

    static Source spec(String document, String place) {
        return new Spec(document, place);
    }

    static Source measured(String experiment, String machine) {
        return new Measured(experiment, machine);
    }

    static Source derived(String formula) {
        return new Derived(formula);
    }

    static Source assumed(String why) {
        return new Assumed(why);
    }

    /// One line for people.
    String text();
}
