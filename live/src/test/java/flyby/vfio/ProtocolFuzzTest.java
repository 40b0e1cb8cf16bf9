package flyby.vfio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flyby.posix.Descriptor;
import flyby.posix.EventFd;
import flyby.posix.Poll;
import flyby.posix.PosixException;
import flyby.posix.UnixSocket;
import flyby.sim.Prng;
import flyby.vfio.layout.Commands;
import flyby.vfio.layout.MessageHeader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Messages that no client would send: mutations of those that one would, in any order, with descriptors where
/// there should be none. Whatever comes, the server goes on, answers the next client, and keeps no descriptor.
///
/// Each run has `-Dflyby.fuzz` messages (a million unless set; ten in the long form) of `-Dflyby.seed`.
final class ProtocolFuzzTest {
    private static final int MEMORY = 1 << 20;
    private static final int BURST = 64;
    private static final Pattern HANDLED = Pattern.compile("after ([0-9]+) messages");

    @TempDir
    private Path folder;

    private final MemorySegment out = Arena.ofAuto().allocate(1 << 22, 8);
    private final MemorySegment in = Arena.ofAuto().allocate(1 << 21, 8);

    @Test
    void survivesAnything() throws IOException {
        boolean isLong = Boolean.getBoolean("flyby.long");
        int messages = Integer.getInteger("flyby.fuzz", isLong ? 10_000_000 : 1_000_000);
        long seed = Long.decode(System.getProperty("flyby.seed", "0x5eed"));
        Prng prng = new Prng(seed);
        List<String> log = new CopyOnWriteArrayList<>();
        Path path = folder.resolve("fuzz.sock");
        try (DeviceServer server = DeviceServer.serve(
                path, Copier.description(), Copier::new, new DeviceServer.Options(-1, null, log::add))) {
            long before = descriptors();
            try (Descriptor memory = Descriptor.sharedMemory("fuzz", MEMORY);
                    EventFd event = EventFd.create()) {
                Sender sender = new Sender(prng, path, List.of(memory, event.descriptor()));
                while (handled(log) < messages) {
                    sender.connection();
                }
                assertThat(sender.answers).as("it answers").isGreaterThan(messages / 20);
                assertThat(sender.sessions).as("and hangs up now and then").isGreaterThan(10);
            }
            try (DeviceClient client = new DeviceClient(server.path(), MEMORY)) {
                assertThat(client.read(7, 0, 4)).as("seed 0x%x", seed).isEqualTo(0x0fff_f1b0L);
                assertThat(descriptors()).isLessThanOrEqualTo(before + 6);
            }
            assertThat(log).noneMatch(line -> line.contains("fault"));
        }
    }

    /// A client that asks and asks, and never takes an answer.
    @Test
    void hangsUpOnWhoNeverListens() throws IOException {
        List<String> log = new CopyOnWriteArrayList<>();
        Path path = folder.resolve("deaf.sock");
        try (DeviceServer server = DeviceServer.serve(
                        path, Copier.description(), Copier::new, new DeviceServer.Options(-1, null, log::add));
                UnixSocket deaf = UnixSocket.connect(path)) {
            Sender sender = new Sender(new Prng(1), path, List.of());
            deaf.patience(1);
            deaf.send(out, sender.put(0, Commands.VERSION, 4), List.of());
            long size = sender.put(0, Commands.DEVICE_GET_INFO, 16);
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 1_000_000; i++) {
                            deaf.send(out, size, List.of());
                        }
                    })
                    .isInstanceOf(PosixException.class);
            try (DeviceClient client = new DeviceClient(server.path(), MEMORY)) {
                assertThat(client.read(7, 0, 4)).isEqualTo(0x0fff_f1b0L);
            }
            assertThat(log).anyMatch(line -> line.contains("the other side takes nothing"));
        }
    }

    /// How many messages the server has acted on, as it says when a client goes.
    private static long handled(List<String> log) {
        return log.stream()
                .map(HANDLED::matcher)
                .filter(Matcher::find)
                .mapToLong(each -> Long.parseLong(each.group(1)))
                .sum();
    }

    private static long descriptors() throws IOException {
        try (var entries = Files.list(Path.of("/proc/self/fd"))) {
            return entries.count();
        }
    }

    /// Sends one mutated message after the other, until the server hangs up.
    private final class Sender {
        private final Prng prng;
        private final Path path;
        private final List<Descriptor> descriptors;
        private int answers;
        private int sessions;

        Sender(Prng prng, Path path, List<Descriptor> descriptors) {
            this.prng = prng;
            this.path = path;
            this.descriptors = descriptors;
        }

        void connection() throws PosixException {
            sessions++;
            try (UnixSocket socket = UnixSocket.connect(path)) {
                Poll poll = new Poll(socket.descriptor());
                long size = put(0, Commands.VERSION, 4);
                socket.send(out, size, List.of());
                boolean isOpen = true;
                for (int i = 0; i < 20_000 && isOpen; i++) {
                    isOpen = burst(socket, poll);
                }
            }
        }

        private boolean burst(UnixSocket socket, Poll poll) {
            try {
                long size = 0;
                for (int i = 0; i < BURST; i++) {
                    size += message(size);
                }
                socket.send(out, size, prng.below(4) == 0 ? some() : List.of());
                return drain(socket, poll);
            } catch (PosixException _) {
                return false;
            }
        }

        private List<Descriptor> some() {
            List<Descriptor> some = new ArrayList<>();
            for (long i = prng.below(6); i >= 0; i--) {
                some.add(descriptors.get((int) prng.below(descriptors.size())));
            }
            return some;
        }

        /// Takes what has been answered, so that the server never waits for this side.
        private boolean drain(UnixSocket socket, Poll poll) throws PosixException {
            boolean isSilent = false;
            while (!isSilent) {
                poll.await(0);
                if (!poll.isReadable(0)) {
                    isSilent = true;
                    continue;
                }
                List<Descriptor> came = new ArrayList<>();
                int count = socket.receive(in, 0, in.byteSize(), came);
                came.forEach(Descriptor::close);
                if (count == 0) {
                    return false;
                }
                answers += Math.max(0, count) / MessageHeader.BYTES;
            }
            return true;
        }

        private long put(long at, int command, int bodyBytes) {
            out.asSlice(at, MessageHeader.BYTES + (long) bodyBytes).fill((byte) 0);
            out.set(Wire.SHORT, at + MessageHeader.ID, (short) prng.below(0x10000));
            out.set(Wire.SHORT, at + MessageHeader.COMMAND, (short) command);
            out.set(Wire.INT, at + MessageHeader.SIZE, MessageHeader.BYTES + bodyBytes);
            out.set(Wire.INT, at + MessageHeader.FLAGS, 0);
            return MessageHeader.BYTES + (long) bodyBytes;
        }

        /// One message of the right form, with some numbers that are likely to matter, some of them random, and now
        /// and then a bit that is wrong.
        private long message(long at) {
            int command = (int) prng.below(20);
            int bodyBytes = (int) (prng.below(8) == 0 ? prng.below(300) : 16 + 4 * prng.below(8));
            long size = put(at, command, bodyBytes);
            for (int i = 0; i + 4 <= bodyBytes; i += 4) {
                out.set(Wire.INT, at + MessageHeader.BYTES + i, word());
            }
            if (prng.below(16) == 0) {
                out.set(Wire.INT, at + MessageHeader.FLAGS, MessageHeader.FLAGS_NO_REPLY);
            }
            if (prng.below(4_000) == 0) {
                out.set(Wire.INT, at + MessageHeader.FLAGS, (int) prng.below(0x40));
            }
            if (prng.below(4_000) == 0) {
                // Nobody knows where the next message begins, if this is not the truth.
                out.set(Wire.INT, at + MessageHeader.SIZE, word());
            }
            if (prng.below(64) == 0) {
                // Of the header only now and then, as that often ends the session.
                long from = prng.below(64) == 0 ? 0 : Math.min(MessageHeader.BYTES, size - 1);
                long flip = at + from + prng.below(size - from);
                byte old = out.get(ValueLayout.JAVA_BYTE, flip);
                out.set(ValueLayout.JAVA_BYTE, flip, (byte) (old ^ (1 << prng.below(8))));
            }
            return size;
        }

        private int word() {
            return switch ((int) prng.below(8)) {
                case 0 -> (int) prng.nextLong();
                case 1 -> 0x1000 * (int) prng.below(MEMORY / 0x1000);
                case 2 -> 1 << prng.below(32);
                case 3 -> -1;
                case 4 -> 0;
                default -> (int) prng.below(9);
            };
        }
    }
}
