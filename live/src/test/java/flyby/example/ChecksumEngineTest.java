package flyby.example;

import static flyby.example.ChecksumEngine.ADDRESS;
import static flyby.example.ChecksumEngine.COMMAND;
import static flyby.example.ChecksumEngine.LENGTH;
import static flyby.example.ChecksumEngine.RESULT;
import static flyby.example.ChecksumEngine.STATUS;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import flyby.posix.PosixException;
import flyby.sim.Time;
import flyby.vfio.DeviceClient;
import flyby.vfio.DeviceServer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A device of one's own on an array, and the same device behind a socket.
final class ChecksumEngineTest {
    @ParameterizedTest
    @ValueSource(longs = {0, 300_000})
    void theCheckValueOfCrc32(long latencyPicos) {
        ArrayHost host = new ArrayHost(1 << 16, latencyPicos);
        ChecksumEngine engine = new ChecksumEngine(host);
        System.arraycopy("123456789".getBytes(US_ASCII), 0, host.memory, 0x101, 9);
        engine.writeRegister(0, ADDRESS, 8, 0x101);
        engine.writeRegister(0, LENGTH, 4, 9);
        engine.writeRegister(0, COMMAND, 4, 1);
        assertThat(engine.readRegister(0, STATUS, 4)).isEqualTo(1);

        host.simulation.run();

        assertThat(engine.readRegister(0, STATUS, 4)).isEqualTo(2);
        assertThat(engine.readRegister(0, RESULT, 4)).isEqualTo(0xcbf4_3926L);
        assertThat(host.isInterrupted).isTrue();
        assertThat(host.simulation.nowPicos()).isEqualTo(2 * Time.MICROSECOND + latencyPicos);
        engine.writeRegister(0, COMMAND, 4, 0);
        assertThat(host.isInterrupted).isFalse();
    }

    @Test
    void memoryThatDoesNotAnswer() {
        ArrayHost host = new ArrayHost(1 << 16, 0);
        ChecksumEngine engine = new ChecksumEngine(host);
        engine.writeRegister(0, ADDRESS, 8, (1 << 16) - 10);
        engine.writeRegister(0, LENGTH, 4, 11);
        engine.writeRegister(0, COMMAND, 4, 1);
        host.simulation.run();
        assertThat(engine.readRegister(0, STATUS, 4)).isEqualTo(3);
        assertThat(host.isInterrupted).isTrue();
    }

    @Test
    void aResetInFlight() {
        ArrayHost host = new ArrayHost(1 << 16, 300_000);
        ChecksumEngine engine = new ChecksumEngine(host);
        engine.writeRegister(0, LENGTH, 4, 10_000);
        engine.writeRegister(0, COMMAND, 4, 1);
        host.simulation.runUntil(Time.MICROSECOND + 1);
        engine.reset();
        host.simulation.run();
        assertThat(engine.readRegister(0, STATUS, 4)).isZero();
        assertThat(host.isInterrupted).isFalse();
    }

    @Test
    void theSameBehindASocket(@TempDir Path folder) throws PosixException {
        byte[] bytes = new byte[100_000];
        new SplittableRandom(1).nextBytes(bytes);
        CRC32 expected = new CRC32();
        expected.update(bytes);
        try (DeviceServer server = DeviceServer.serve(
                        folder.resolve("checksum.sock"),
                        ChecksumEngine.description(),
                        ChecksumEngine::new,
                        DeviceServer.Options.PLAIN);
                DeviceClient client = new DeviceClient(server.path(), 1 << 20)) {
            client.enable();
            client.map(0x10_0000, 0, 1 << 20, true);
            MemorySegment.copy(bytes, 0, client.memory(), ValueLayout.JAVA_BYTE, 0x123, bytes.length);
            client.write(0, ADDRESS, 8, 0x10_0123);
            client.write(0, LENGTH, 4, bytes.length);
            client.write(0, COMMAND, 4, 1);
            long limit = System.nanoTime() + 10_000_000_000L;
            while (client.read(0, STATUS, 4) == 1 && System.nanoTime() < limit) {
                client.serve(100_000);
            }
            assertThat(client.read(0, STATUS, 4)).isEqualTo(2);
            assertThat(client.read(0, RESULT, 4)).isEqualTo(expected.getValue());
        }
    }
}
