package flyby.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "demo",
        header = {"Run the main demonstration.", ""},
        description = {
            "",
            "A device delivers a real file into memory, by programmed I/O and by DMA in its three modes, while the CPU"
                    + " does other work. The same as: ./flyby run demo --out flyby-out --trace all",
            ""
        })
final class DemoCommand implements Callable<Integer> {
    private final Application application;

    @Mixin
    private RunOptions options = new RunOptions();

    DemoCommand(Application application) {
        this.application = application;
    }

    @Override
    public Integer call() {
        List<String> trace = options.trace().isEmpty() ? List.of("all") : options.trace();
        return new ScenarioJob(application, options)
                .run("demo", options.out().orElse("flyby-out"), OutputKind.parse(trace));
    }
}
