/// The checker, and what it is tried with: hostile machines, schedules, drivers on trial.
@org.jspecify.annotations.NullMarked
module flyby.prove {
    requires static transitive org.jspecify;
    requires transitive flyby.machine;

    exports flyby.apidebug;
    exports flyby.check;
    exports flyby.check.report;
    exports flyby.subjects;
    exports flyby.explore;
    exports flyby.trial;
}
