/// Simulated time, events, processes, randomness and traces. Nothing here knows any hardware.
@org.jspecify.annotations.NullMarked
module flyby.base {
    requires static transitive com.google.errorprone.annotations;
    requires static transitive org.jspecify;

    exports flyby.base;
    exports flyby.choice;
    exports flyby.sim;
    exports flyby.trace;
}
