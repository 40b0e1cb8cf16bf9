package flyby.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;

/// Keeps the details of an internal fault, so that the screen gets one line and a report can have all.
final class FaultFile {
    private FaultFile() {}

    /// Writes `flyby-fault-<hash>.txt` into `folder`; the same fault gives the same name.
    ///
    /// @return what to tell the user, in one line
    static String write(Throwable fault, String[] args, String version, Path folder) {
        String summary = fault.getClass().getSimpleName() + (fault.getMessage() == null ? "" : ": " + firstLine(fault));
        StringWriter trace = new StringWriter();
        fault.printStackTrace(new PrintWriter(trace));
        CRC32 hash = new CRC32();
        hash.update(trace.toString().getBytes(StandardCharsets.UTF_8));
        Path file = folder.resolve(String.format(java.util.Locale.ROOT, "flyby-fault-%08x.txt", hash.getValue()));
        String text = "flyby " + version + "\njava " + Runtime.version() + "\nsystem " + System.getProperty("os.name")
                + " " + System.getProperty("os.arch") + "\ncommand " + String.join(" ", args) + "\n\n" + trace;
        String where;
        try {
            Files.writeString(file, text);
            where = "The details are in " + file + ": please report it with that file.";
        } catch (IOException e) {
            where = "Its details could not be written to " + file + " (" + e.getMessage() + ").";
        }
        return "internal fault, a bug in Flyby and not in what you gave it: " + summary + ". " + where;
    }

    private static String firstLine(Throwable fault) {
        return String.valueOf(fault.getMessage()).lines().findFirst().orElse("");
    }
}
