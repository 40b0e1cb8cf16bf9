package flyby.guest;

import flyby.base.LabException;
import flyby.params.Quote;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// A guest that works on a script.
public final class RunningGuest implements AutoCloseable {
    private static final String OUTPUT = "output";
    private static final String STATUS = "status";
    private static final String CONSOLE = "console";
    private static final String LOG = "qemu.log";

    /// How often it is looked at.
    private static final long LOOK_MILLIS = 20;

    private final GuestFolder folder;
    private final PluggedDevices devices;
    private final Process qemu;
    private final Thread lastWill;
    private final long beganNanos = System.nanoTime();
    private Duration boot = Duration.ZERO;
    private long shownBytes;

    private RunningGuest(GuestFolder folder, PluggedDevices devices, Process qemu) {
        this.folder = folder;
        this.devices = devices;
        this.qemu = qemu;
        lastWill = new Thread(this::leaveNothing, "guest's end");
        Runtime.getRuntime().addShutdownHook(lastWill);
    }

    static RunningGuest start(
            GuestFiles files, QemuVersion version, Acceleration acceleration, GuestSetup setup, GuestScript script) {
        GuestFolder folder = new GuestFolder();
        PluggedDevices devices = null;
        try {
            devices = new PluggedDevices(setup.devices(), folder.path());
            QemuCommand command = new QemuCommand(files, version, acceleration, setup);
            devices.plugInto(command);
            command.give("script", folder.write("script", script.text().getBytes(StandardCharsets.UTF_8)));
            script.files().forEach((name, bytes) -> command.give(name, folder.write("file-" + name, bytes)));
            command.add("-serial", "file:" + folder.file(CONSOLE));
            command.port(OUTPUT, folder.file(OUTPUT));
            command.port(STATUS, folder.file(STATUS));
            return new RunningGuest(folder, devices, launch(command, folder.file(LOG)));
        } catch (RuntimeException e) {
            if (devices != null) {
                devices.close();
            }
            folder.close();
            throw e;
        }
    }

    private static Process launch(QemuCommand command, Path log) {
        try {
            Process process = new ProcessBuilder(command.words())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            process.getOutputStream().close();
            return process;
        } catch (IOException e) {
            throw new LabException(LabException.Kind.BAD_FILE, "QEMU does not start: " + e.getMessage());
        }
    }

    /// Waits for the end of the script and of QEMU.
    ///
    /// @param limit from now; then QEMU is ended
    /// @param out gets what the script prints, as it comes
    public GuestResult await(Duration limit, OutputStream out) {
        long untilNanos = System.nanoTime() + limit.toNanos();
        while (pass(out)) {
            if (System.nanoTime() - untilNanos > 0) {
                end();
                return result("it did not end within %d s: it hung %s".formatted(limit.toSeconds(), place()));
            }
        }
        pass(out);
        return exitStatus() < 0
                ? result("QEMU ended with status %d, %s".formatted(qemu.exitValue(), place()))
                : result("");
    }

    /// Waits until the script has printed enough.
    ///
    /// @param isEnough is asked of all that it has printed so far
    /// @param limit from now
    /// @return whether it has; the guest runs on in any case
    public boolean awaitOutput(Predicate<String> isEnough, Duration limit) {
        long untilNanos = System.nanoTime() + limit.toNanos();
        boolean alive = true;
        while (!isEnough.test(output())) {
            if (!alive || System.nanoTime() - untilNanos > 0) {
                return false;
            }
            alive = pass(OutputStream.nullOutputStream());
        }
        return true;
    }

    /// What the script has printed so far.
    public String output() {
        return folder.text(OUTPUT);
    }

    /// Passes a moment.
    ///
    /// @return whether QEMU still runs
    private boolean pass(OutputStream out) {
        try {
            boolean ended = qemu.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            if (boot.isZero() && folder.text(STATUS).startsWith("ready")) {
                boot = Duration.ofNanos(System.nanoTime() - beganNanos);
            }
            show(out);
            return !ended;
        } catch (InterruptedException e) {
            end();
            Thread.currentThread().interrupt();
            throw new LabException(LabException.Kind.INTERRUPTED, "the guest was interrupted");
        }
    }

    private void show(OutputStream out) {
        Path file = folder.file(OUTPUT);
        if (!file.toFile().exists()) {
            return;
        }
        try (RandomAccessFile output = new RandomAccessFile(file.toFile(), "r")) {
            byte[] more = new byte[Math.toIntExact(output.length() - shownBytes)];
            if (more.length > 0) {
                output.seek(shownBytes);
                output.readFully(more);
                shownBytes += more.length;
                out.write(more);
                out.flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Where it was, for messages.
    private String place() {
        String printed = folder.lastLine(OUTPUT, "");
        String said = boot.isZero()
                ? "while the kernel booted"
                : "in the script, which "
                        + (printed.isEmpty() ? "had printed nothing" : "last printed " + Quote.of(printed));
        String panic = folder.lastLine(CONSOLE, "Kernel panic");
        String kernel = panic.isEmpty() ? folder.lastLine(CONSOLE, "") : panic;
        said += kernel.isEmpty() ? "" : "; the kernel says " + Quote.line(kernel);
        String log = folder.lastLine(LOG, "");
        return said + (log.isEmpty() ? "" : "; QEMU says " + Quote.line(log));
    }

    /// What the script ended with; -1 if it has not.
    private int exitStatus() {
        return folder.text(STATUS)
                .lines()
                .filter(line -> line.startsWith("exit "))
                .mapToInt(line ->
                        Integer.parseInt(line.substring("exit ".length()).strip()))
                .findFirst()
                .orElse(-1);
    }

    private GuestResult result(String trouble) {
        return new GuestResult(
                trouble.isEmpty() ? exitStatus() : -1, folder.text(OUTPUT), folder.text(CONSOLE), boot, trouble);
    }

    /// Whether QEMU still runs.
    public boolean isAlive() {
        return qemu.isAlive();
    }

    /// Ends QEMU at once, as a power cut does.
    public void end() {
        qemu.destroyForcibly();
        try {
            qemu.waitFor();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void leaveNothing() {
        end();
        devices.close();
        folder.close();
    }

    @Override
    public void close() {
        leaveNothing();
        try {
            Runtime.getRuntime().removeShutdownHook(lastWill);
        } catch (IllegalStateException _) {
            // The process is ending, and this is the hook itself or beside it.
        }
    }
}
