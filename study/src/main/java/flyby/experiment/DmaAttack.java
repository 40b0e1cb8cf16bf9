package flyby.experiment;

import flyby.params.Catalogue;
import flyby.params.Settings;
import flyby.params.Source;
import flyby.study.RunContext;
import flyby.study.RunResult;
import java.util.List;

/// A network card that does its work and attacks its host: what it reads and changes under each defence.
public final class DmaAttack extends MachineExperiment {
    static final String DEFENCES = "defences";
    static final String LEAKS = "leaks";
    static final String PHYSICAL = "attack.scan-memory";
    static final String FROM = "attack.scan-from";
    static final String IOVAS = "attack.scan-iovas";
    static final String ORDER = "attack.order";
    static final String READ = "attack.read";
    static final String WINDOW = "attack.window";
    static final String PACE = "attack.pace";
    static final String REVISIT = "attack.revisit";
    static final String WRITES = "attack.writes";
    static final String HOLDS = "attack.holds";
    static final String BUFFERS = "driver.buffers";
    static final String PACKETS = "driver.packets";
    static final String LINGER = "driver.linger";

    private static final Source THUNDERCLAP =
            Source.spec("Markettos et al., Thunderclap, NDSS 2019", "stories 6 to 8, section VI");

    private static final Catalogue PARAMETERS = Catalogue.titled("A DMA attack, and what stands against it")
            .choices(
                    DEFENCES,
                    AttackDefence.wordsOfAll(),
                    AttackDefence.wordsOfAll(),
                    "What stands between the card and memory: a run for each.")
            .choice(
                    LEAKS,
                    "reported",
                    List.of("reported", "failures"),
                    "Whether a secret that was read or changed is what the run is to show, or a failure.")
            .bytes(
                    PHYSICAL,
                    "2 MiB",
                    "0 B",
                    "2 GiB",
                    Source.assumed("more than what the kernel gives out here"),
                    "How much of memory the card scans: a multiple of 4 KiB.")
            .address(
                    FROM,
                    "0x1000000",
                    0,
                    (1L << 32) - 1,
                    Source.assumed("Linux keeps what is below 16 MiB for ISA devices, and gives out what is above"),
                    "Where that begins: a multiple of 4 KiB.")
            .bytes(
                    IOVAS,
                    "1 MiB",
                    "0 B",
                    "2 GiB",
                    THUNDERCLAP,
                    "How much it scans below 4 GiB, from where Linux gives out IOVAs downwards: a multiple of 4 KiB.")
            .choice(ORDER, "memory-first", List.of("memory-first", "iovas-first"), "Which of the two it scans first.")
            .bytes(
                    READ,
                    "512 B",
                    "64 B",
                    "4 KiB",
                    Source.spec("PCILeech, readme.md", "FPGA devices read with ordinary read requests"),
                    "What it asks for at once: a power of two.")
            .count(
                    WINDOW,
                    16,
                    1,
                    256,
                    "accesses",
                    Source.assumed("enough for a link of one lane"),
                    "Under way at once.")
            .duration(
                    PACE,
                    "0 ns",
                    "0 ns",
                    "1 s",
                    Source.derived("0: the link is the bound. What carries the loot away may be slower: PCILeech over"
                            + " USB 3 reads 150 MB/s, a page each 27 us"),
                    "From one page of the scan to the next, at least.")
            .duration(
                    REVISIT,
                    "20 us",
                    "1 us",
                    "1 s",
                    Source.assumed("often enough to see when a window of 10 ms closes"),
                    "How often it tries a line of each page that it was ever given.")
            .flag(
                    WRITES,
                    true,
                    "Whether it writes, too: beside the buffers that it was given, and behind what it knows.")
            .count(
                    HOLDS,
                    1,
                    0,
                    64,
                    "packets",
                    THUNDERCLAP,
                    "Packets to send that it never gives back, so that they stay mapped: story 7.")
            .count(
                    BUFFERS,
                    8,
                    1,
                    64,
                    "buffers",
                    Source.assumed("a short ring"),
                    "Receive buffers that it has at a time.")
            .count(
                    PACKETS,
                    16,
                    1,
                    10_000,
                    "packets",
                    Source.assumed("a few of each buffer"),
                    "Packets that come in; every second one is answered.")
            .duration(
                    LINGER,
                    "12 ms",
                    "0 ns",
                    "1 s",
                    Source.derived("longer than a deferred invalidation takes: 10 ms"),
                    "How long the machine is left alone before and after the driver is unloaded.")
            .rule(
                    "attack.scan-from, attack.scan-memory and attack.scan-iovas must be multiples of 4 KiB",
                    settings ->
                            (settings.address(FROM) | settings.bytes(PHYSICAL) | settings.bytes(IOVAS)) % 4_096 == 0,
                    FROM,
                    PHYSICAL,
                    IOVAS)
            .rule("attack.read must be a power of two", settings -> Long.bitCount(settings.bytes(READ)) == 1, READ)
            .build();

    public DmaAttack() {
        super(
                "attack",
                "A malicious card reads and writes memory, under each defence",
                PARAMETERS,
                "desktop-dock",
                "The kernel's secrets are words that say whose they are; no program uses them, so that changing one"
                        + " has no consequence.",
                "The attacker knows nothing but what its card is given and what answers it; it does not guess where a"
                        + " kernel keeps what.");
    }

    @Override
    public List<String> runNames(Settings settings) {
        return settings.choices(DEFENCES);
    }

    @Override
    public List<String> conclusions(List<RunResult> runs) {
        return LeakConclusions.of(runs);
    }

    @Override
    public RunResult run(String runName, RunContext context) {
        return new AttackRun(AttackDefence.of(runName), context).result();
    }
}
