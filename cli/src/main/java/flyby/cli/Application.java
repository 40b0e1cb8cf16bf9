package flyby.cli;

import flyby.base.LabException;
import flyby.params.Quote;
import flyby.study.FileProblem;
import flyby.study.ScenarioLibrary;
import flyby.validate.Validation;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import picocli.CommandLine;

/// The program with everything it needs from outside, so that a test can run it in its own process.
///
/// @param tempFolder where details of internal faults go
/// @param farewell who removes unfinished files if the process is ended from outside
record Application(
        ScenarioLibrary library,
        Validation validation,
        String version,
        Path tempFolder,
        Terminal terminal,
        Farewell farewell) {
    static final int AS_EXPECTED = 0;
    static final int NOT_AS_EXPECTED = 1;
    static final int BAD_USAGE = 2;
    static final int INTERNAL_FAULT = 3;

    /// Runs one command.
    ///
    /// @return its exit status; nothing is thrown
    int run(String... args) {
        try {
            return commandLine().execute(args);
        } catch (Throwable fault) {
            return failure(fault, args);
        }
    }

    /// The command tree, for help and completion too.
    CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new FlybyCommand(this));
        commandLine.addSubcommand(new RunCommand(this));
        commandLine.addSubcommand(new DemoCommand(this));
        commandLine.addSubcommand(new ListCommand(this));
        commandLine.addSubcommand(new ShowCommand(this));
        commandLine.addSubcommand(new ValidateCommand(this));
        commandLine.addSubcommand(new ChipCommand(this));
        commandLine.addSubcommand(new ServeCommand(this));
        commandLine.addSubcommand(GuestCommand.withSubcommands(this));
        commandLine.addSubcommand(new ReplayCommand(this));
        commandLine.addSubcommand(new CheckCommand(this));
        commandLine.addSubcommand(new ZooCommand(this));
        commandLine.addSubcommand(new VersionCommand(this));
        commandLine.addSubcommand(new CompletionCommand(this));
        commandLine.addSubcommand(new DocsCommand(this));
        commandLine.addSubcommand(new TrainCommand(this));
        commandLine.addSubcommand(new HelpCommand(this));
        commandLine.setUsageHelpWidth(100);
        commandLine.setUsageHelpAutoWidth(false);
        commandLine.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
        commandLine.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
        CommandLine.Help.Ansi ansi = terminal.colour() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF;
        commandLine.setColorScheme(CommandLine.Help.defaultColorScheme(ansi));
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setExpandAtFiles(false);
        commandLine.setParameterExceptionHandler(this::usage);
        commandLine.setExecutionExceptionHandler(
                (fault, command, parsed) -> failure(fault, parsed.originalArgs().toArray(String[]::new)));
        return commandLine;
    }

    private int usage(CommandLine.ParameterException problem, String[] args) {
        String message = message(problem);
        for (String line : message.lines().toList()) {
            terminal.complain(Quote.line(line));
        }
        if (problem instanceof CommandLine.UnmatchedArgumentException unmatched) {
            String near = String.join(" or ", unmatched.getSuggestions());
            if (!near.isEmpty()) {
                terminal.complain("did you mean " + near + "?");
            }
        }
        terminal.complain("see ./" + problem.getCommandLine().getCommandSpec().qualifiedName() + " --help");
        return BAD_USAGE;
    }

    private static String message(CommandLine.ParameterException problem) {
        if (problem instanceof CommandLine.UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            String word = Quote.of(unmatched.getUnmatched().getFirst());
            if (unmatched.isUnknownOption()) {
                return "there is no option " + word;
            }
            boolean wasCommand = problem.getCommandLine().getParent() == null;
            return wasCommand ? "there is no command " + word : "one argument too many: " + word;
        }
        return problem.getMessage() == null ? "this command line cannot be used" : problem.getMessage();
    }

    private int failure(Throwable fault, String[] args) {
        return switch (fault) {
            case LabException problem -> {
                terminal.complain(String.valueOf(problem.getMessage()));
                yield problem.kind().exitStatus();
            }
            case UncheckedIOException wrapped ->
                ioFailure(wrapped.getCause() == null ? new IOException(wrapped) : wrapped.getCause());
            case IOException problem -> ioFailure(problem);
            default -> {
                terminal.complain(FaultFile.write(fault, args, version, tempFolder));
                yield INTERNAL_FAULT;
            }
        };
    }

    private int ioFailure(IOException problem) {
        String file =
                problem instanceof FileSystemException named && named.getFile() != null ? named.getFile() : "output";
        terminal.complain(file + ": " + FileProblem.reason(problem));
        return BAD_USAGE;
    }
}
