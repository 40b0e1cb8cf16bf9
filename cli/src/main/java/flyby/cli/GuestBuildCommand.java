package flyby.cli;

import flyby.base.LabException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "build",
        header = {"Build the guest from Debian's packages, if there is none or it is stale.", ""},
        description = {
            "",
            "Needs apt and dpkg-deb, and user namespaces or root. Packages come from where this host's apt gets them;"
                    + " on hosts that are no Debian, set FLYBY_DEBIAN_MIRROR. Nothing on the host is changed but the"
                    + " folder of the guest.",
            ""
        })
final class GuestBuildCommand implements Callable<Integer> {
    private final Application application;

    @Option(names = "--update", description = "Build it too if Debian has newer packages.")
    private boolean update;

    GuestBuildCommand(Application application) {
        this.application = application;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path script = Path.of(System.getProperty("flyby.root", "")).resolve("guest/build");
        if (!Files.isExecutable(script)) {
            throw new LabException(LabException.Kind.BAD_FILE, script + ": there is no such program");
        }
        List<String> command = new ArrayList<>(List.of(script.toString()));
        if (update) {
            command.add("--update");
        }
        application.terminal().out().flush();
        Process process = new ProcessBuilder(command).inheritIO().start();
        Runnable end = process::destroy;
        application.farewell().add(end);
        int status = process.waitFor();
        application.farewell().settled(end);
        return status == 0 ? Application.AS_EXPECTED : Application.BAD_USAGE;
    }
}
