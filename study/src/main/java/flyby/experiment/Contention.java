package flyby.experiment;

import flyby.copy.CopyEngine;
import flyby.machine.CopyBoard;
import flyby.params.Catalogue;
import flyby.params.Profile;
import flyby.params.Settings;
import flyby.params.Source;
import flyby.split.SplitBus;
import flyby.study.Experiment;
import flyby.study.RunContext;
import flyby.study.RunResult;
import java.util.List;

/// Copy engines that each copy the input from memory to memory over one bus: how much do they slow each other down?
public final class Contention implements Experiment {
    private static final List<String> RUNS =
            List.of("1-engine", "2-engines", "4-engines", "8-engines", "16-engines", "32-engines", "64-engines");
    private static final Source PEER = Source.measured("bench/systemc/dma.cpp", "the contract of that workload");

    private static final Catalogue PARAMETERS = Catalogue.titled("Copy engines share a bus and a memory")
            .choices("runs", RUNS.subList(0, 4), RUNS, "How many engines to compare.")
            .frequency("machine.clock", "1 GHz", "1 MHz", "10 GHz", PEER, "Clock of the bus.")
            .bytes("machine.bus.data-path", "16 B", "1 B", "256 B", PEER, "What a channel moves in a clock.")
            .duration("machine.memory.read-latency", "60.25 ns", "0 ns", "1 ms", PEER, "From a request to its data.")
            .duration("machine.memory.write-latency", "30.5 ns", "0 ns", "1 ms", PEER, "From a request to its answer.")
            .bytes("machine.engine.unit", "64 B", "1 B", "4 KiB", PEER, "What an engine reads and writes at once.")
            .count("machine.engine.window", 8, 1, 255, "units", PEER, "Units that an engine has under way.")
            .duration("machine.engine.block-setup", "100 ns", "0 ns", "1 ms", PEER, "Before the first read of a block.")
            .bytes("driver.block", "64 KiB", "1 B", "16 MiB", Source.assumed("a usual request"), "A block.")
            .rule(
                    "machine.bus.data-path must be a power of two",
                    settings -> Long.bitCount(settings.bytes("machine.bus.data-path")) == 1,
                    "machine.bus.data-path")
            .build();

    public Contention() {}

    @Override
    public String kind() {
        return "contention";
    }

    @Override
    public String title() {
        return "Copy engines share a bus and slow each other down";
    }

    @Override
    public Catalogue parameters() {
        return PARAMETERS;
    }

    @Override
    public List<Profile> profiles() {
        return List.of();
    }

    @Override
    public List<String> runNames(Settings settings) {
        return settings.choices("runs");
    }

    @Override
    public List<String> notModelled() {
        return List.of(
                "No CPU and no caches: blocks are handed over at once, in no time.",
                "The memory takes any number of requests at once; it has no banks, rows or refresh.");
    }

    @Override
    public RunResult run(String runName, RunContext context) {
        int engineCount = Integer.parseInt(runName.substring(0, runName.indexOf('-')));
        try (ContentionRun run = new ContentionRun(runName, board(context.settings(), engineCount), context)) {
            return run.run();
        }
    }

    private static CopyBoard.Parameters board(Settings settings, int engineCount) {
        SplitBus.Timing timing = new SplitBus.Timing(
                settings.periodPicos("machine.clock"),
                (int) settings.bytes("machine.bus.data-path"),
                settings.picos("machine.memory.read-latency"),
                settings.picos("machine.memory.write-latency"));
        CopyEngine.Profile engine = new CopyEngine.Profile(
                (int) settings.count("machine.engine.window"),
                (int) settings.bytes("machine.engine.unit"),
                settings.picos("machine.engine.block-setup"));
        return new CopyBoard.Parameters(timing, engineCount, engine, settings.bytes("driver.block"));
    }
}
