/// The command line: reads what the user wants, has it done, and says what came out. The only module that may write
/// files, print, and end the process.
@org.jspecify.annotations.NullMarked
module flyby.cli {
    requires static org.jspecify;
    requires flyby.live;
    requires flyby.study;
    requires flyby.zoo;
    requires info.picocli;
    requires me.tongfei.progressbar;

    // picocli sets the fields of the commands.
    opens flyby.cli to
            info.picocli;

    exports flyby.cli;
}
