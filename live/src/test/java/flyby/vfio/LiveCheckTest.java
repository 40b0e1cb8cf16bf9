package flyby.vfio;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.posix.PosixException;
import flyby.vfio.LiveCheck.Report;
import flyby.vfio.LiveCheck.Wrong;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Each way in which an access can miss what a driver has mapped is told, once, with what became of the window.
final class LiveCheckTest {
    private static final int MEMORY = 1 << 20;
    private static final long SECOND = 1_000_000_000L;

    @TempDir
    private Path folder;

    private final List<Report> reports = new CopyOnWriteArrayList<>();
    private final LiveCheck check = LiveCheck.start(reports::add);
    private DeviceServer server;

    @BeforeEach
    void serve() {
        server = DeviceServer.serve(
                folder.resolve("copier.sock"),
                Copier.description(),
                Copier::new,
                new DeviceServer.Options(-1, check, _ -> {}));
    }

    @AfterEach
    void close() {
        server.close();
    }

    private DeviceClient client() throws PosixException {
        DeviceClient client = new DeviceClient(server.path(), MEMORY);
        client.enable();
        return client;
    }

    private static void copy(DeviceClient client, long from, long to, int count, int failures) throws PosixException {
        client.write(0, Copier.SOURCE, 8, from);
        client.write(0, Copier.DESTINATION, 8, to);
        client.write(0, Copier.COUNT, 8, count);
        client.write(0, Copier.GO, 8, 0);
        long limit = System.nanoTime() + 10 * SECOND;
        while (client.read(0, Copier.ERRORS, 8) != failures && System.nanoTime() < limit) {
            client.serve(100_000);
        }
        assertThat(client.read(0, Copier.ERRORS, 8)).isEqualTo(failures);
    }

    @Test
    void whatIsMappedIsNoConcern() throws PosixException {
        try (DeviceClient client = client()) {
            client.map(0x1000, 0, 0x2000, true);
            copy(client, 0x1800, 0x2800, 0x800, 0);
        }
        assertThat(reports).isEmpty();
        assertThat(check.refusedCount()).isZero();
    }

    @Test
    void neverMapped() throws PosixException {
        try (DeviceClient client = client()) {
            client.map(0x1000, 0, 0x1000, true);
            copy(client, 0x5000, 0x1000, 16, 1);
        }
        Report report = reports.getFirst();
        assertThat(report.wrong()).isEqualTo(Wrong.NEVER_MAPPED);
        assertThat(report.address()).isEqualTo(0x5000);
        assertThat(report.purpose()).isEqualTo("copy 1");
        assertThat(report.lines().getFirst())
                .isEqualTo("the device reads 16 bytes at 0x5000: memory that the driver has not mapped");
        assertThat(report.history()).singleElement().asString().contains("nearest", "0x3001 bytes away");
    }

    @Test
    void unmappedBefore() throws PosixException {
        try (DeviceClient client = client()) {
            client.map(0x1000, 0, 0x1000, true);
            client.map(0x2000, 0x1000, 0x1000, true);
            client.unmap(0x2000, 0x1000);
            copy(client, 0x1000, 0x2000, 16, 1);
        }
        Report report = reports.getFirst();
        assertThat(report.wrong()).isEqualTo(Wrong.UNMAPPED);
        assertThat(report.lines().getFirst()).startsWith("the device writes 16 bytes at 0x2000");
        assertThat(report.history())
                .singleElement()
                .asString()
                .matches("mapped +0x2000 to 0x2fff, both ways, and unmapped [0-9.]+ ms later, [0-9.]+ ms ago");
    }

    @Test
    void theOtherDirection() throws PosixException {
        try (DeviceClient client = client()) {
            client.map(0x1000, 0, 0x1000, true, false, true);
            copy(client, 0x1000, 0x1000, 16, 1);
        }
        assertThat(reports.getFirst().wrong()).isEqualTo(Wrong.DIRECTION);
        assertThat(reports.getFirst().history()).singleElement().asString().contains("to be written");
    }

    @Test
    void beyondTheEnd() throws PosixException {
        try (DeviceClient client = client()) {
            client.map(0x1000, 0, 0x1000, true);
            copy(client, 0x1ff0, 0x1000, 32, 1);
        }
        assertThat(reports.getFirst().wrong()).isEqualTo(Wrong.BEYOND);
    }

    @Test
    void oneBugIsOneReport() throws PosixException {
        try (DeviceClient client = client()) {
            client.map(0x1000, 0, 0x1000, true);
            for (int i = 0; i < 50; i++) {
                copy(client, 0x5000 + i, 0x1000, 16, i + 1);
            }
        }
        assertThat(reports).hasSize(1);
        assertThat(check.reports().getFirst().count()).isEqualTo(50);
        assertThat(check.refusedCount()).isEqualTo(50);
        assertThat(check.summary()).startsWith("50 accesses refused, 1 kinds of them; the client mapped 1 windows");
    }

    @Test
    void notBusMaster() throws PosixException {
        try (DeviceClient client = new DeviceClient(server.path(), MEMORY)) {
            client.map(0, 0, MEMORY, true);
            copy(client, 0, 0x1000, 16, 1);
        }
        assertThat(reports.getFirst().wrong()).isEqualTo(Wrong.NOT_MASTER);
    }
}
