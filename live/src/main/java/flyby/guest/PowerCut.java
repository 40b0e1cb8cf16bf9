package flyby.guest;

import flyby.live.ServeOrder;
import flyby.params.Quote;
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
import java.util.TreeMap;
import java.util.stream.Stream;

/// A drive whose server is killed while the guest writes: what the guest was told is safe has to be there.
///
/// The server is a process of its own, and is killed as by SIGKILL. What it has handed to the operating system
/// outlives it; what it has kept to itself does not.
final class PowerCut {
    private static final String JUDGE = "power-cut";
    private static final String FLUSHED = "flushed ";
    private static final String RECORDED = "recorded ";

    /// So many files have to be safe before the power goes.
    private static final int FLUSHED_MIN = 20;

    private static final long DRIVE_BYTES = 64L << 20;
    private static final int RECORD_BYTES = 4_096;

    /// Where records begin, in records: behind the file system. As in power-cut-write.sh.
    private static final int RECORDS = 13_312;

    private static final int RECORD_COUNT = 2_048;
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Duration SERVER_LIMIT = Duration.ofSeconds(60);

    private final Guest guest;
    private final Path launcher;
    private final GuestFolder folder;
    private final Path drive;

    /// @param folder for the drive, the socket and the server's words
    PowerCut(Guest guest, Path launcher, GuestFolder folder) {
        this.guest = guest;
        this.launcher = launcher;
        this.folder = folder;
        drive = folder.file("drive");
    }

    List<Finding> run() {
        if (!Files.isExecutable(launcher)) {
            return List.of(Finding.skipped(JUDGE, "there is no launcher, and so no server to kill"));
        }
        try {
            try (RandomAccessFile file = new RandomAccessFile(drive.toFile(), "rw")) {
                file.setLength(DRIVE_BYTES);
            }
            String output = writeUntilCut();
            List<String> sums = said(output, FLUSHED)
                    .map(line -> line.replaceFirst(" ", "  "))
                    .toList();
            List<Finding> findings = new ArrayList<>();
            findings.add(Finding.of(
                    JUDGE,
                    "cut",
                    sums.size() >= FLUSHED_MIN,
                    "only " + sums.size() + " files were flushed in time; the server says "
                            + Quote.of(folder.lastLine("server.log", ""))));
            findings.add(
                    recordsAreThere(said(output, RECORDED).map(Integer::valueOf).toList()));
            findings.addAll(read(sums));
            return findings;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What follows `mark` in whole lines: the last line may have been cut too.
    private static Stream<String> said(String output, String mark) {
        return output.substring(0, output.lastIndexOf('\n') + 1)
                .lines()
                .filter(line -> line.startsWith(mark))
                .map(line -> line.substring(mark.length()));
    }

    /// @return what the guest had said when the power went
    private String writeUntilCut() throws IOException {
        Path socket = folder.file("drive.sock");
        ProcessBuilder builder = new ProcessBuilder(
                        launcher.toString(), "serve", "nvme", "--socket", socket.toString(), "--file", drive.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.file("server.log").toFile());
        builder.environment().put("FLYBY_NO_BUILD", "1");
        Process server = builder.start();
        try {
            awaitServer(server, socket);
            GuestScript script = GuestScript.of(JudgeScript.of(Map.of(), List.of("power-cut-write")));
            GuestSetup setup = guest.setup().with(List.of(GuestDevice.at(socket)));
            try (RunningGuest running = guest.with(setup).start(script)) {
                running.awaitOutput(output -> said(output, FLUSHED).count() >= FLUSHED_MIN, LIMIT);
                server.destroyForcibly();
                running.end();
                return running.output();
            }
        } finally {
            server.destroyForcibly();
        }
    }

    private static void awaitServer(Process server, Path socket) {
        long untilNanos = System.nanoTime() + SERVER_LIMIT.toNanos();
        while (!Files.exists(socket) && server.isAlive() && System.nanoTime() - untilNanos < 0) {
            try {
                Thread.sleep(20);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private Finding recordsAreThere(List<Integer> numbers) throws IOException {
        // A later record has taken the place of an earlier one that had the same.
        Map<Integer, Integer> newest = new TreeMap<>();
        numbers.forEach(number -> newest.put(number % RECORD_COUNT, number));
        List<Integer> missing = new ArrayList<>();
        try (RandomAccessFile file = new RandomAccessFile(drive.toFile(), "r")) {
            byte[] found = new byte[RECORD_BYTES];
            for (Map.Entry<Integer, Integer> each : newest.entrySet()) {
                file.seek((RECORDS + each.getKey()) * (long) RECORD_BYTES);
                file.readFully(found);
                if (!new String(found, StandardCharsets.US_ASCII).equals(record(each.getValue()))) {
                    missing.add(each.getValue());
                }
            }
        }
        return Finding.of(
                JUDGE,
                "records",
                !numbers.isEmpty() && missing.isEmpty(),
                "of " + numbers.size() + " records that were flushed these are lost: " + missing);
    }

    private static String record(int number) {
        String line = "record " + number + "\n";
        return line.repeat(RECORD_BYTES / line.length() + 1).substring(0, RECORD_BYTES);
    }

    private List<Finding> read(List<String> sums) {
        GuestScript script = new GuestScript(
                JudgeScript.of(Map.of(), List.of("power-cut-read")),
                Map.of("sums", (String.join("\n", sums) + "\n").getBytes(StandardCharsets.UTF_8)));
        ServeOrder order = ServeOrder.of("nvme", List.of()).withFile(drive);
        GuestSetup setup = guest.setup().with(List.of(new ShelfDevice(order)));
        GuestResult result = guest.with(setup).run(script, LIMIT, OutputStream.nullOutputStream());
        return Findings.of(List.of(JUDGE), result);
    }
}
