/// The bug zoo: drivers with the bugs of real ones, their fixed twins, and look-alikes that are right.
@org.jspecify.annotations.NullMarked
module flyby.zoo {
    requires static transitive org.jspecify;
    requires transitive flyby.prove;

    exports flyby.zoo;
    exports flyby.zoo.a;
    exports flyby.zoo.e;
    exports flyby.zoo.engine;
    exports flyby.zoo.f;
    exports flyby.zoo.k;
    exports flyby.zoo.survey;
}
