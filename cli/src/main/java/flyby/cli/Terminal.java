package flyby.cli;

import java.io.PrintStream;

/// Where a command prints.
///
/// @param out what was asked for
/// @param err messages and progress
/// @param interactive whether somebody watches `err` as it comes
/// @param colour whether `out` shows colours
record Terminal(PrintStream out, PrintStream err, boolean interactive, boolean colour) {
    /// One message, on a line of its own.
    void complain(String message) {
        err.println("flyby: " + message);
        err.flush();
    }
}
