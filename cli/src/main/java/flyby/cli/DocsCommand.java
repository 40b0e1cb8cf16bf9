package flyby.cli;

import flyby.report.MachineReference;
import flyby.study.ScenarioLibrary;
import flyby.study.ScenarioReference;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "docs",
        hidden = true,
        description =
                "Write docs/scenarios.md and docs/machines.md anew from the code, in the root of the source tree.")
final class DocsCommand implements Callable<Integer> {
    private final Application application;

    @Parameters(
            index = "0",
            paramLabel = "FILE",
            defaultValue = "docs/scenarios.md",
            description = "Default: ${DEFAULT-VALUE}")
    private String file = "";

    DocsCommand(Application application) {
        this.application = application;
    }

    @Override
    public Integer call() throws IOException {
        Path path = ScenarioLibrary.path(file).toAbsolutePath();
        Path parent = path.getParent();
        @Nullable Path name = path.getFileName();
        if (parent == null || name == null) {
            throw new IOException(file + " is no file name");
        }
        try (OutputFolder folder = OutputFolder.open(parent, parent.toString(), application.farewell())) {
            try (OutputStream stream = folder.create(name.toString())) {
                stream.write(ScenarioReference.markdown(application.library()).getBytes(StandardCharsets.UTF_8));
            }
            try (OutputStream stream = folder.create("machines.md")) {
                stream.write(MachineReference.markdown().getBytes(StandardCharsets.UTF_8));
            }
            folder.commit();
        }
        return Application.AS_EXPECTED;
    }
}
