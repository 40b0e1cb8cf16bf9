package flyby.guest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;

/// A program that claims to be QEMU and does what a test says, where no guest has been built.
final class FakeQemu {
    private FakeQemu() {}

    /// @param body shell commands; `$output`, `$status` and `$console` are the files that a guest would write
    static Path write(Path folder, String version, String body) throws IOException {
        String text = """
                #!/bin/sh
                [ "$1" != --version ] || { echo "QEMU emulator version %s"; exit 0; }
                for word in "$@"; do
                    case $word in
                        file,id=output,path=*) output=${word#*path=} ;;
                        file,id=status,path=*) status=${word#*path=} ;;
                        file:*) console=${word#file:} ;;
                    esac
                done
                %s
                """.formatted(version, body);
        Path program = folder.resolve("qemu");
        Files.writeString(program, text);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        return program;
    }

    /// A guest of which only QEMU is there.
    static Guest guest(Path folder, String body) throws IOException {
        GuestFiles files = new GuestFiles(folder, write(folder, "11.1.3", body));
        return new Guest(files, QemuVersion.of(files.qemu()), Acceleration.TCG, GuestSetup.PLAIN);
    }

    /// The environment of a user whose guest lies in `folder`.
    static Map<String, String> environment(Path folder) {
        return new HashMap<>(Map.of("FLYBY_GUEST", folder.toString(), "HOME", "/nowhere"));
    }
}
