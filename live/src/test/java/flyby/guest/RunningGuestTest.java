package flyby.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is made of a guest's end, with a QEMU that plays it.
final class RunningGuestTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private GuestResult run(String body, Duration limit) throws IOException {
        return FakeQemu.guest(folder, body).run(GuestScript.of("true"), limit, new ByteArrayOutputStream());
    }

    @Test
    void tellsTheScriptsStatusAndWhatItPrinted() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        GuestResult result = FakeQemu.guest(
                        folder,
                        "echo 'ready 4.2' >$status; echo one >$output; sleep 0.2;"
                                + " echo two >>$output; echo 'exit 7' >>$status")
                .run(GuestScript.of("true"), LONG, out);
        assertThat(result.status()).isEqualTo(7);
        assertThat(result.trouble()).isEmpty();
        assertThat(result.output()).isEqualTo("one\ntwo\n");
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("one\ntwo\n");
        assertThat(result.boot()).isPositive();
    }

    @Test
    void saysWhereItHung() throws IOException {
        GuestResult booting = run("exec sleep 100", Duration.ofMillis(300));
        assertThat(booting.status()).isEqualTo(-1);
        assertThat(booting.trouble()).isEqualTo("it did not end within 0 s: it hung while the kernel booted");
        GuestResult script =
                run("echo 'ready 1' >$status; echo step 3 >$output; exec sleep 100", Duration.ofMillis(1_500));
        assertThat(script.trouble())
                .isEqualTo("it did not end within 1 s: it hung in the script, which last printed \"step 3\"");
    }

    @Test
    void saysHowQemuOrTheKernelDied() throws IOException {
        GuestResult panic = run(
                "echo 'ready 1' >$status; printf '[ 9.1] Kernel panic - not syncing: x\\n[ 9.2] Offset\\n' >$console",
                LONG);
        assertThat(panic.status()).isEqualTo(-1);
        assertThat(panic.trouble())
                .isEqualTo("QEMU ended with status 0, in the script, which had printed nothing;"
                        + " the kernel says \"[ 9.1] Kernel panic - not syncing: x\"".replace("\"", ""));
        GuestResult refused = run("echo 'qemu: no such device' >&2; exit 1", LONG);
        assertThat(refused.trouble())
                .isEqualTo("QEMU ended with status 1, while the kernel booted; QEMU says qemu: no such device");
    }

    /// A device's server has to be there before QEMU and to outlive it; nothing is left behind.
    @Test
    void devicesLiveLongerThanQemu() throws IOException {
        StringBuilder order = new StringBuilder();
        GuestDevice device = new GuestDevice() {
            @Override
            public String name() {
                return "watched";
            }

            @Override
            public Ready prepare(Path sockets) {
                order.append("prepared ");
                return new Ready() {
                    @Override
                    public List<String> qemuArguments(String bus) {
                        order.append("plugged into ").append(bus);
                        return List.of();
                    }

                    @Override
                    public void close() {
                        order.append(" closed");
                    }
                };
            }
        };
        Guest guest = FakeQemu.guest(folder, "echo 'ready 1' >$status; exec sleep 100");
        RunningGuest running = guest.with(guest.setup().with(List.of(device))).start(GuestScript.of("true"));
        try (running) {
            assertThat(running.awaitOutput(String::isEmpty, LONG)).isTrue();
            assertThat(order).hasToString("prepared plugged into port0");
        }
        assertThat(order).hasToString("prepared plugged into port0 closed");
        assertThat(running.isAlive()).isFalse();
    }
}
