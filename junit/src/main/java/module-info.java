/// Tests with JUnit Jupiter that run a driver under the checker. Not needed by anything else of Flyby.
@org.jspecify.annotations.NullMarked
module flyby.junit {
    requires static transitive org.jspecify;
    requires transitive flyby.prove;
    requires transitive org.junit.jupiter.api;

    exports flyby.junit;

    // JUnit makes the extension.
    opens flyby.junit to
            org.junit.platform.commons;
}
