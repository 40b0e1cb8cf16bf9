package flyby.guest;

import flyby.fault.FaultPlan;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A drive whose server is killed while the guest writes: what the guest was told is safe has to be there.
///
/// A process of its own has the server and the guest, and is killed as by SIGKILL. What it has handed to the operating
/// system outlives it; what it has kept to itself does not.
final class PowerCut {
    private static final String JUDGE = "power-cut";

    /// So much has to be safe before the power goes.
    private static final int FLUSHED_MIN = 20;

    private static final int RECORD_BYTES = 4_096;

    /// Where records begin, in records: behind the file system. As in power-cut-write.sh.
    private static final int RECORDS = 13_312;

    private static final int RECORD_COUNT = 2_048;
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final Guest guest;
    private final Path launcher;
    private final GuestFolder folder;

    private final List<String> sums = new ArrayList<>();
    private final List<Integer> records = new ArrayList<>();

    PowerCut(Guest guest, Path launcher, GuestFolder folder) {
        this.guest = guest;
        this.launcher = launcher;
        this.folder = folder;
    }

    List<Finding> run() {
        if (!Files.isExecutable(launcher)) {
            return List.of(Finding.skipped(JUDGE, "there is no launcher, and so no process to kill"));
        }
        try {
            Path drive = folder.file("drive");
            try (RandomAccessFile file = new RandomAccessFile(drive.toFile(), "rw")) {
                file.setLength(JudgeSuite.driveBytes());
            }
            writeUntilCut(drive);
            List<Finding> findings = new ArrayList<>();
            boolean enough = sums.size() >= FLUSHED_MIN;
            findings.add(Finding.of(JUDGE, "cut", enough, "only " + sums.size() + " files were flushed in time"));
            findings.add(recordsAreThere(drive));
            findings.addAll(read(drive));
            return findings;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void writeUntilCut(Path drive) throws IOException {
        Path script = folder.write(
                "write.sh",
                JudgeScript.of(Map.of(), List.of("power-cut-write")).getBytes(StandardCharsets.UTF_8));
        ProcessBuilder builder = new ProcessBuilder(
                        launcher.toString(),
                        "guest",
                        "run",
                        script.toString(),
                        "--nvme",
                        drive.toString(),
                        "--limit",
                        String.valueOf(LIMIT.toSeconds()))
                .redirectError(folder.file("write.err").toFile());
        builder.environment().put("FLYBY_NO_BUILD", "1");
        // What a killed process leaves lying about is cleared away with this folder.
        builder.environment().put("FLYBY_JAVA_OPTIONS", "-Djava.io.tmpdir=" + folder.path());
        Process process = builder.start();
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            String line = reader.readLine();
            while (line != null && sums.size() < FLUSHED_MIN) {
                hear(line);
                line = reader.readLine();
            }
        } finally {
            process.destroyForcibly();
            await(process);
        }
    }

    private void hear(String line) {
        String[] words = line.split(" ", -1);
        if (words.length == 3 && words[0].equals("flushed")) {
            sums.add(words[1] + "  " + words[2]);
        } else if (words.length == 2 && words[0].equals("recorded")) {
            records.add(Integer.parseInt(words[1]));
        }
    }

    private static void await(Process process) {
        try {
            process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private Finding recordsAreThere(Path drive) throws IOException {
        List<Integer> missing = new ArrayList<>();
        try (RandomAccessFile file = new RandomAccessFile(drive.toFile(), "r")) {
            byte[] found = new byte[RECORD_BYTES];
            for (int number : records) {
                file.seek((RECORDS + number % RECORD_COUNT) * (long) RECORD_BYTES);
                file.readFully(found);
                if (!new String(found, StandardCharsets.US_ASCII).equals(record(number))) {
                    missing.add(number);
                }
            }
        }
        return Finding.of(
                JUDGE,
                "records",
                !records.isEmpty() && missing.isEmpty(),
                "of " + records.size() + " records that were flushed these are lost: " + missing);
    }

    private static String record(int number) {
        String line = "record " + number + "\n";
        return line.repeat(RECORD_BYTES / line.length() + 1).substring(0, RECORD_BYTES);
    }

    private List<Finding> read(Path drive) {
        GuestScript script = new GuestScript(
                JudgeScript.of(Map.of(), List.of("power-cut-read")),
                Map.of("sums", (String.join("\n", sums) + "\n").getBytes(StandardCharsets.UTF_8)));
        GuestSetup setup = guest.setup().with(List.of(ServedDevice.drive(drive, List.of(), FaultPlan.none())));
        GuestResult result = guest.with(setup).run(script, LIMIT, OutputStream.nullOutputStream());
        return Findings.of(List.of(JUDGE), result);
    }
}
