package flyby.cli;

import flyby.base.LabException;
import flyby.guest.GuestResult;
import flyby.guest.GuestScript;
import flyby.study.ScenarioLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "run",
        header = {"Boot the guest, run a script in it, and end with its exit status.", ""},
        description = {
            "",
            "What the script prints is printed. It is run by bash, as root, with no driver loaded: modprobe nvme loads"
                    + " one. Next to it there are fio, nvme-cli, e2fsprogs, pciutils and busybox.",
            "",
            "Example:",
            "  ./flyby guest run script.sh --nvme disk.img",
            ""
        })
final class GuestRunCommand implements Callable<Integer> {
    private final Application application;

    @Parameters(index = "0", paramLabel = "SCRIPT", description = "A file of this host.")
    private String script = "";

    @Option(
            names = "--limit",
            paramLabel = "SECONDS",
            defaultValue = "600",
            description = "How long all may take; then the guest is ended. Default: ${DEFAULT-VALUE}")
    private int limitSeconds;

    @Mixin
    private GuestOptions options = new GuestOptions();

    GuestRunCommand(Application application) {
        this.application = application;
    }

    @Override
    public Integer call() throws IOException {
        GuestScript wanted = GuestScript.of(Files.readString(ScenarioLibrary.path(script)));
        GuestResult result = options.guest()
                .run(
                        wanted,
                        Duration.ofSeconds(limitSeconds),
                        application.terminal().out());
        if (!result.trouble().isEmpty()) {
            throw new LabException(LabException.Kind.STUCK, "guest: " + result.trouble());
        }
        return result.status();
    }
}
