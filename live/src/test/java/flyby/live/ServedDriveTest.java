package flyby.live;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import flyby.fault.FaultPlan;
import flyby.machine.Recordings;
import flyby.nvme.layout.NvmeOpcodes;
import flyby.nvme.layout.NvmeStatus;
import flyby.nvmehost.Exercise;
import flyby.nvmehost.Exercise.Kind;
import flyby.nvmehost.Exercise.Step;
import flyby.params.Given;
import flyby.params.Origin;
import flyby.posix.PosixException;
import flyby.record.RecordingReader;
import flyby.record.RecordingSource;
import flyby.record.Replay;
import flyby.record.ReplayResult;
import flyby.vfio.DeviceClient;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The drive behind a socket gives the same to the same commands as on a bench and in simulated machines, where
/// machine's `NvmeDriverTest` has them.
final class ServedDriveTest {
    private static final int STEPS = 120;
    private static final int DRIVE_BYTES = 8 << 20;
    private static final int BYTES_MAX = 64 << 10;

    @TempDir
    private Path folder;

    private static ServeOrder order(int blockBytes) {
        return ServeOrder.of(
                "nvme",
                List.of(
                        new Given("nvme.queues", "4", Origin.commandLine("queues")),
                        new Given("nvme.size", "8 MiB", Origin.commandLine("size")),
                        new Given("nvme.block", Integer.toString(blockBytes), Origin.commandLine("block"))));
    }

    private Path file() throws IOException {
        Path file = folder.resolve("disk.img");
        try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw")) {
            made.setLength(DRIVE_BYTES);
        }
        return file;
    }

    @ParameterizedTest
    @CsvSource({"512, memory, trapped", "4096, memory, trapped", "512, file, trapped", "512, file, mapped"})
    void givesTheSameAsElsewhere(int blockBytes, String medium, String doorbells) throws IOException {
        ServeOrder order = order(blockBytes);
        if (medium.equals("file")) {
            order = order.withFile(file());
        }
        order = doorbells.equals("mapped") ? order.with(ServeOrder.Doorbells.MAPPED) : order;
        Path socket = folder.resolve("nvme.sock");
        try (ServedDevice served = ServedDevice.serve(order, socket, _ -> {});
                DriveClient drive = drive(socket)) {
            for (Step step : Exercise.steps(7, STEPS, DRIVE_BYTES / blockBytes, blockBytes, BYTES_MAX)) {
                run(drive, step);
            }
            assertThat(served.faults().count()).isZero();
        }
    }

    private static DriveClient drive(Path socket) throws PosixException {
        return new DriveClient(new DeviceClient(socket, DriveClient.memoryBytes()));
    }

    private static void run(DriveClient drive, Step step) throws PosixException {
        int opcode = switch (step.kind()) {
            case READ -> NvmeOpcodes.READ;
            case WRITE, WRITE_THROUGH -> NvmeOpcodes.WRITE;
            case COMPARE -> NvmeOpcodes.COMPARE;
            case WRITE_ZEROES -> NvmeOpcodes.WRITE_ZEROES;
            case FLUSH -> NvmeOpcodes.FLUSH;
        };
        int control = (step.kind() == Kind.WRITE_THROUGH ? 1 << 30 : 0) | (step.count() - 1);
        int byteCount = step.data().length;
        int slot = drive.put(opcode, step.block(), control, byteCount);
        long at = DriveClient.data(slot);
        boolean isRead = step.kind() == Kind.READ;
        if (!isRead) {
            MemorySegment.copy(step.data(), 0, drive.memory(), JAVA_BYTE, at, byteCount);
        }
        drive.ring();
        int status = drive.await();
        assertThat(status & NvmeStatus.CODE_MASK)
                .as("%s at %d", step.kind(), step.block())
                .isEqualTo(step.code());
        if (isRead && step.code() == NvmeStatus.SUCCESS) {
            assertThat(drive.memory().asSlice(at, byteCount).toArray(JAVA_BYTE)).isEqualTo(step.data());
        }
    }

    /// A life behind a socket, faults and all, is one that a new device repeats, without socket or file.
    @Test
    void aLiveLifeIsReplayed() throws IOException {
        Path recording = folder.resolve("life.flyrec");
        Path socket = folder.resolve("nvme.sock");
        ServeOrder order = order(512)
                .withFile(file())
                .with(FaultPlan.parse("test", "corrupt write byte 3 every 50th"))
                .recordedTo(recording);
        long faults;
        try (ServedDevice served = ServedDevice.serve(order, socket, _ -> {});
                DriveClient drive = drive(socket)) {
            for (int i = 0; i < 100; i++) {
                drive.put(i % 2 == 0 ? NvmeOpcodes.WRITE : NvmeOpcodes.READ, i, 7, 4_096);
                drive.ring();
                assertThat(drive.await()).isZero();
            }
            faults = served.faults().count();
        }
        assertThat(faults).isPositive();
        RecordingReader reader = new RecordingReader("test", RecordingSource.of(Files.readAllBytes(recording)));
        ReplayResult result =
                Replay.of(reader, Recordings.maker("test", reader.header())).run();
        assertThat(result.isSame()).as("%s", result.difference()).isTrue();
        assertThat(result.counts().events()).isGreaterThan(500);
    }

    /// What was acknowledged is in the file, whatever becomes of the server.
    @Test
    void acknowledgedWritesAreInTheFile() throws IOException {
        Path file = file();
        Path socket = folder.resolve("nvme.sock");
        byte[] wanted = new byte[4_096];
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = (byte) (i * 7);
        }
        try (ServedDevice served = ServedDevice.serve(order(512).withFile(file), socket, _ -> {});
                DriveClient drive = drive(socket)) {
            int slot = drive.put(NvmeOpcodes.WRITE, 16, 7, 4_096);
            MemorySegment.copy(wanted, 0, drive.memory(), JAVA_BYTE, DriveClient.data(slot), 4_096);
            drive.ring();
            assertThat(drive.await()).isZero();
            byte[] there = new byte[4_096];
            try (RandomAccessFile look = new RandomAccessFile(file.toFile(), "r")) {
                look.seek(16 * 512);
                look.readFully(there);
            }
            assertThat(there).isEqualTo(wanted);
            assertThat(served.faults().count()).isZero();
        }
    }
}
