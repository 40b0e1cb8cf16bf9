/// Experiments and what comes out of them: scenarios, results, and everything that shows a result to a person or a
/// program.
///
/// Results are data ([flyby.study]); what shows them ([flyby.report]) computes nothing and reads no clock, so that
/// equal runs give byte-equal files.
@org.jspecify.annotations.NullMarked
module flyby.study {
    requires static transitive org.jspecify;
    requires transitive flyby.machine;
    requires transitive flyby.prove;
    requires com.google.protobuf;
    requires org.snakeyaml.engine;

    exports flyby.experiment;
    exports flyby.report;
    exports flyby.study;
    exports flyby.validate;
    exports flyby.validate.sections;
    exports flyby.vectors;
    exports flyby.wav;
}
