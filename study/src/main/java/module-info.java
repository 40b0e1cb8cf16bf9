/// Scenarios, what runs them, and what comes out of them.
@org.jspecify.annotations.NullMarked
module flyby.study {
    requires static transitive org.jspecify;
    requires transitive flyby.machine;
    requires org.snakeyaml.engine;

    exports flyby.study;
}
