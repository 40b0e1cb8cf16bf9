package flyby.vfio;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flyby.base.LabException;
import flyby.posix.EventFd;
import flyby.posix.PosixException;
import flyby.vfio.layout.DeviceMessages;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A device behind a socket, as a client sees it.
final class DeviceServerTest {
    private static final int MEMORY = 1 << 20;
    private static final long SECOND = 1_000_000_000L;

    @TempDir
    private Path folder;

    private final List<String> log = new ArrayList<>();
    private DeviceServer server;

    @BeforeEach
    void serve() {
        server = server("copier.sock");
    }

    @AfterEach
    void close() {
        server.close();
    }

    private DeviceServer server(String name) {
        return DeviceServer.serve(
                folder.resolve(name), Copier.description(), Copier::new, new DeviceServer.Options(-1, null, log::add));
    }

    private DeviceClient client() throws PosixException {
        return new DeviceClient(server.path(), MEMORY);
    }

    private static void fill(MemorySegment memory, int at, int count, int seed) {
        for (int i = 0; i < count; i++) {
            memory.set(JAVA_BYTE, at + i, (byte) (seed + 7 * i));
        }
    }

    private static void copy(DeviceClient client, long from, long to, int count, long delayMicros)
            throws PosixException {
        client.write(0, Copier.SOURCE, 8, from);
        client.write(0, Copier.DESTINATION, 8, to);
        client.write(0, Copier.COUNT, 8, count);
        client.write(0, Copier.GO, 8, delayMicros);
    }

    private static long await(DeviceClient client, int register, long wanted) throws PosixException {
        long limit = System.nanoTime() + 10 * SECOND;
        long value = client.read(0, register, 8);
        while (value != wanted && System.nanoTime() < limit) {
            client.serve(100_000);
            value = client.read(0, register, 8);
        }
        return value;
    }

    @Test
    void isThePciFunctionThatIsDescribed() throws PosixException {
        try (DeviceClient client = client()) {
            assertThat(client.read(DeviceMessages.CONFIGURATION_REGION, 0, 4)).isEqualTo(0x0fff_f1b0L);
            assertThat(client.read(DeviceMessages.CONFIGURATION_REGION, 9, 1)).isZero();
            assertThat(client.read(DeviceMessages.CONFIGURATION_REGION, 0xa, 2)).isEqualTo(0x0880);
            client.write(DeviceMessages.CONFIGURATION_REGION, 0x10, 4, 0xffff_ffffL);
            assertThat(client.read(DeviceMessages.CONFIGURATION_REGION, 0x10, 4))
                    .isEqualTo(0xffff_f000L);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void movesBytesOfTheClientsMemory(boolean isShared) throws PosixException {
        try (DeviceClient client = client()) {
            client.enable();
            client.map(0, 0, MEMORY, isShared);
            fill(client.memory(), 4_000, 60_000, 3);

            copy(client, 4_000, 300_001, 60_000, 0);

            assertThat(await(client, Copier.DONE, 1)).isEqualTo(1);
            assertThat(client.memory()
                            .asSlice(300_001, 60_000)
                            .mismatch(client.memory().asSlice(4_000, 60_000)))
                    .isEqualTo(-1);
            assertThat(client.memory().get(JAVA_BYTE, 300_000)).isZero();
            assertThat(client.served()).isEqualTo(isShared ? 0 : 2);
        }
    }

    @Test
    void crossesFromWindowToWindow() throws PosixException {
        try (DeviceClient client = client()) {
            client.enable();
            // Page by page, as a guest's IOMMU maps, backwards in memory, every other one by message.
            for (int page = 0; page < 16; page++) {
                client.map(page * 4_096L, 0xf000L - page * 4_096L, 4_096, true);
            }
            fill(client.memory(), 0, 0x1_0000, 1);
            copy(client, 0x800, 0x8800, 0x2000, 0);

            assertThat(await(client, Copier.DONE, 1)).isEqualTo(1);
            for (int i = 0; i < 0x2000; i++) {
                assertThat(client.memory().get(JAVA_BYTE, place(0x8800 + i)))
                        .isEqualTo((byte) (1 + 7 * place(0x800 + i)));
            }
        }
    }

    private static long place(long address) {
        return 0xf000 - (address & ~0xfffL) + (address & 0xfff);
    }

    @Test
    void reachesNothingElse() throws PosixException {
        try (DeviceClient client = client()) {
            client.enable();
            client.map(0x1000, 0, 0x1000, true);
            fill(client.memory(), 0, 0x1000, 5);

            copy(client, 0xfff, 0x1000, 2, 0);
            assertThat(await(client, Copier.ERRORS, 1)).isEqualTo(1);
            copy(client, 0x1000, 0x1fff, 2, 0);
            assertThat(await(client, Copier.ERRORS, 2)).isEqualTo(2);
            // Not even the byte that would have been in the window has been written.
            assertThat(client.memory().get(JAVA_BYTE, 0xfff)).isEqualTo((byte) (5 + 7 * 0xfff));

            client.unmap(0x1000, 0x1000);
            copy(client, 0x1000, 0x1100, 16, 0);
            assertThat(await(client, Copier.ERRORS, 3)).isEqualTo(3);
        }
    }

    @Test
    void asksForNothingUnlessItIsBusMaster() throws PosixException {
        try (DeviceClient client = client()) {
            client.map(0, 0, MEMORY, true);
            copy(client, 0, 0x1000, 16, 0);
            assertThat(await(client, Copier.ERRORS, 1)).isEqualTo(1);
        }
    }

    @Test
    void alarmsFireWhenTheyAreDue() throws PosixException {
        try (DeviceClient client = client()) {
            client.enable();
            client.map(0, 0, MEMORY, true);
            copy(client, 0, 0x1000, 16, 200_000);
            assertThat(client.read(0, Copier.DONE, 8)).isZero();
            assertThat(await(client, Copier.DONE, 1)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {DeviceMessages.INTX, DeviceMessages.MSI, DeviceMessages.MSIX})
    void interruptsAreTold(int index) throws PosixException {
        try (DeviceClient client = client()) {
            client.enable();
            client.map(0, 0, MEMORY, true);
            EventFd listener = client.listen(index, 1).getFirst();
            copy(client, 0, 0x1000, 16, 0);
            assertThat(await(client, Copier.DONE, 1)).isEqualTo(1);
            assertThat(listener.take()).isEqualTo(1);

            // Still asserted: there is no edge, and a wire that nobody unmasks says nothing.
            copy(client, 0, 0x1000, 16, 0);
            assertThat(await(client, Copier.DONE, 2)).isEqualTo(2);
            assertThat(listener.take()).isZero();

            if (index == DeviceMessages.INTX) {
                client.unmaskWire();
                assertThat(listener.take()).as("it is still asserted").isEqualTo(1);
            }
            client.write(0, Copier.ACKNOWLEDGE, 8, 1);
            if (index == DeviceMessages.INTX) {
                client.unmaskWire();
                assertThat(listener.take()).isZero();
            }
            copy(client, 0, 0x1000, 16, 0);
            assertThat(await(client, Copier.DONE, 3)).isEqualTo(3);
            assertThat(listener.take()).isEqualTo(1);
        }
    }

    @Test
    void anInterruptWaitsForItsListener() throws PosixException {
        try (DeviceClient client = client()) {
            client.enable();
            client.map(0, 0, MEMORY, true);
            copy(client, 0, 0x1000, 16, 0);
            assertThat(await(client, Copier.DONE, 1)).isEqualTo(1);
            assertThat(client.listen(DeviceMessages.MSIX, 2).getFirst().take()).isEqualTo(1);
        }
    }

    @Test
    void resetsAsAFunctionDoes() throws PosixException {
        try (DeviceClient client = client()) {
            client.enable();
            client.map(0, 0, MEMORY, true);
            copy(client, 0, 0x1000, 16, 0);
            assertThat(await(client, Copier.DONE, 1)).isEqualTo(1);
            client.reset();
            assertThat(client.read(0, Copier.DONE, 8)).isZero();
            assertThat(client.read(DeviceMessages.CONFIGURATION_REGION, 4, 2)).isZero();
        }
    }

    @Test
    void theNextClientFindsANewDevice() throws PosixException {
        for (int i = 0; i < 3; i++) {
            try (DeviceClient client = client()) {
                client.enable();
                client.map(0, 0, MEMORY, true);
                copy(client, 0, 0x1000, 16, 0);
                assertThat(await(client, Copier.DONE, 1)).isEqualTo(1);
            }
        }
    }

    @Test
    void unmappingWaitsForWhatIsUnderWay() throws PosixException {
        try (DeviceClient client = client()) {
            client.enable();
            client.map(0, 0, MEMORY, false);
            fill(client.memory(), 0, 64, 9);
            copy(client, 0, 0x1000, 64, 0);
            // The read is asked for by now or soon; the answer goes out before the unmapping is answered.
            client.unmap(0, MEMORY);
            int served = client.served();
            client.memory().fill((byte) 0);
            client.serve(20_000_000);
            assertThat(client.served()).as("nothing is asked for afterwards").isEqualTo(served);
            assertThat(client.read(0, Copier.DONE, 8) + client.read(0, Copier.ERRORS, 8))
                    .isEqualTo(1);
        }
    }

    /// The client takes away memory that it has given, which no window can prevent: an access of it ends the
    /// process that does not expect it.
    @Test
    void memoryThatIsGoneIsAnError() throws PosixException {
        try (DeviceClient client = client()) {
            client.enable();
            client.map(0, 0, MEMORY, true);
            client.truncate(0x1000);
            copy(client, 0x8000, 0, 16, 0);
            assertThat(await(client, Copier.ERRORS, 1)).isEqualTo(1);
            copy(client, 0, 0x8000, 64, 0);
            assertThat(await(client, Copier.ERRORS, 2)).isEqualTo(2);
            copy(client, 0, 0x800, 64, 0);
            assertThat(await(client, Copier.DONE, 1)).isEqualTo(1);
        }
    }

    @Test
    void manyWindowsAndServersAtOnce() throws PosixException {
        try (DeviceServer other = server("other.sock");
                DeviceClient client = client();
                DeviceClient second = new DeviceClient(other.path(), MEMORY)) {
            for (DeviceClient each : List.of(client, second)) {
                each.enable();
                for (int i = 0; i < 1_000; i++) {
                    each.map(i * 0x10000L, i % 256 * 4_096L, 4_096, true);
                }
                fill(each.memory(), 999 % 256 * 4_096, 16, 4);
                copy(each, 999 * 0x10000L, 0, 16, 0);
                assertThat(await(each, Copier.DONE, 1)).isEqualTo(1);
                assertThat(each.memory().get(JAVA_BYTE, 1)).isEqualTo((byte) 11);
            }
        }
    }

    @Test
    void leaksNoDescriptors() throws IOException {
        long before = descriptors();
        for (int i = 0; i < 20; i++) {
            try (DeviceClient client = client()) {
                client.map(0, 0, MEMORY, true);
                client.listen(DeviceMessages.MSIX, 2).forEach(EventFd::close);
                client.listen(DeviceMessages.INTX, 1).forEach(EventFd::close);
            }
        }
        try (DeviceClient client = client()) {
            // Whoever was before has been seen off when this one is served.
            client.read(0, 0, 8);
        }
        server.close();
        assertThat(descriptors()).isLessThanOrEqualTo(before);
    }

    private static long descriptors() throws IOException {
        try (var entries = Files.list(Path.of("/proc/self/fd"))) {
            return entries.count();
        }
    }

    @Test
    void aPathThatCannotBeIsRefused() {
        assertThatThrownBy(() -> server("no/such/folder"))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("no such file or folder");
        assertThatThrownBy(() -> server("x".repeat(200)))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("too long");
        assertThatThrownBy(() -> server("copier.sock"))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("in use already");
    }
}
