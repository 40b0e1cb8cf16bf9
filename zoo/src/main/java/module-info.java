/// The bug zoo: drivers with the bugs of real ones, their fixed twins, and look-alikes that are right.
@org.jspecify.annotations.NullMarked
module flyby.zoo {
    requires static transitive org.jspecify;
    requires transitive flyby.prove;

    exports flyby.zoo.a;
    exports flyby.zoo.b;
    exports flyby.zoo.c;
    exports flyby.zoo.d;
    exports flyby.zoo.e;
    exports flyby.zoo.engine;
    exports flyby.zoo.f;
    exports flyby.zoo.g;
    exports flyby.zoo.h;
    exports flyby.zoo.i;
    exports flyby.zoo.j;
    exports flyby.zoo.k;
    exports flyby.zoo.lookalikes;
    exports flyby.zoo.survey;
    exports flyby.zoo;
}
