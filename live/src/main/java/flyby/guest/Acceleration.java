package flyby.guest;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;

/// How QEMU runs the guest's instructions.
public enum Acceleration {
    /// By translating them: works everywhere.
    TCG,
    /// By the processor's virtualisation.
    KVM;

    private static final Path DEVICE = Path.of("/dev/kvm");
    private static final Path CPUS = Path.of("/proc/cpuinfo");
    private static final Pattern FLAGS = Pattern.compile("(?m)^flags\\s*:.*\\b(vmx|svm)\\b");
    private static final Duration TRIAL = Duration.ofSeconds(20);

    String word() {
        return this == KVM ? "kvm" : "tcg";
    }

    /// KVM if it is there and a guest has booted with it, else TCG.
    ///
    /// A `/dev/kvm` alone means little: where it is made by software, unmodified kernels die in it.
    static Acceleration choose(GuestFiles files, QemuVersion version) {
        if (!mayWork(DEVICE, CPUS)) {
            return TCG;
        }
        GuestResult trial = new Guest(files, version, KVM, GuestSetup.PLAIN)
                .run(GuestScript.of("true"), TRIAL, OutputStream.nullOutputStream());
        return trial.succeeded() ? KVM : TCG;
    }

    static boolean mayWork(Path device, Path cpus) {
        try {
            return Files.isReadable(device)
                    && Files.isWritable(device)
                    && FLAGS.matcher(Files.readString(cpus)).find();
        } catch (IOException _) {
            return false;
        }
    }
}
