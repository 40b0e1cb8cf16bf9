package flyby.validate.attack;

import static flyby.validate.attack.AttackBench.value;
import static flyby.validate.attack.AttackReferences.LINUX;
import static flyby.validate.attack.AttackReferences.PCILEECH;
import static flyby.validate.attack.AttackReferences.THUNDERCLAP;

import flyby.sim.Time;
import flyby.study.RunResult;
import flyby.validate.Facts;
import flyby.validate.Grade;
import flyby.validate.Row;
import flyby.validate.Tolerance;
import java.util.List;

/// Rows 10.1 and 10.3 to 10.9: a malicious card in a dock, whose loot is compared with what memory held.
final class AttackRows {
    private static final long INTERVAL_MICROS = 100;
    private static final String SOON = "driver.linger=2ms";
    private static final String NO_SCAN = "attack.scan-memory=0B";

    private AttackRows() {}

    static List<Row> rows() {
        return List.of(
                Row.of("10.1", "neighbours of a buffer")
                        .rule(
                                "the other half of its page can be written; with a page to itself nothing is",
                                AttackRows::neighbours)
                        .from(
                                Grade.A,
                                THUNDERCLAP.at("story 6"),
                                "Buffers of 2 KiB from kmalloc and whole pages; the card reads and writes round them."),
                Row.of("10.3", "a packet that is never given back")
                        .rule(
                                "what later users of its page store is read; if it is given back, it is not",
                                AttackRows::held)
                        .from(
                                Grade.A,
                                THUNDERCLAP.at("story 7"),
                                "The card keeps a packet that it was to send; then its neighbour stores its bytes."),
                Row.of("10.4a", "deferred invalidation: how long a page stays reachable")
                        .figure("10", "ms", Tolerance.percent("1"), AttackRows::openMillis)
                        .from(
                                Grade.A,
                                LINUX.at("IOVA_DEFAULT_FQ_TIMEOUT"),
                                "Few packets come; the card tries each page that it was given every 20 us."),
                Row.of("10.4b", "deferred invalidation: the bounds")
                        .rule("at most 10 ms and 256 unmaps; strict: never", AttackRows::bounds)
                        .from(
                                Grade.A,
                                LINUX.at("IOVA_DEFAULT_FQ_SIZE, IOVA_DEFAULT_FQ_TIMEOUT"),
                                "600 packets come, and the card tries all pages that it was given."),
                Row.of("10.5", "addresses that the device says are translated")
                        .rule(
                                "all memory is read if it is believed; nothing more if ATS is off, or ACS blocks it",
                                AttackRows::translated)
                        .from(
                                Grade.A,
                                THUNDERCLAP.at("story 8"),
                                "The card scans memory by requests with AT = 10b, under each of the three."),
                Row.of("10.6", "what operating systems did in 2016 to 2018")
                        .context("Windows: none, or one map; macOS: one page table; Linux and FreeBSD: off by default")
                        .from(
                                Grade.D,
                                THUNDERCLAP.at("table II"),
                                "A survey: runs none, passthrough and strict are its cases."),
                Row.of("10.7", "Kernel DMA Protection")
                        .context("Windows 10 1803 and Linux 5.0: IOMMU on for Thunderbolt, ATS off there")
                        .from(Grade.D, THUNDERCLAP.at("sections VI, XI"), "A policy: it is run ats-refused."),
                Row.of("10.8", "unauthorised access")
                        .rule("is answered Unsupported Request; every refused read is a fault", AttackRows::refused)
                        .from(
                                Grade.A,
                                THUNDERCLAP.at("section VI"),
                                "The card scans memory and IOVAs under strict and writes nothing."),
                Row.of("10.9", "reading memory by a Gen2 x1 link with payloads of 128 bytes")
                        .figure("3.2", "Gb/s", Tolerance.percent("5"), AttackRows::scanRate)
                        .from(
                                Grade.C,
                                PCILEECH.derived(
                                        "FPGA devices: what the link carries; USB lets 190 to 220 MB/s through"),
                                "The card scans 2 MiB without an IOMMU, as fast as the link lets it."));
    }

    private static void neighbours(Facts facts) {
        RunResult shared = AttackBench.run("strict", INTERVAL_MICROS, SOON);
        facts.holds("bytes beside receive buffers are changed", value(shared, "changedBytes") > 0);
        facts.holds("bytes beside packets to send are read", value(shared, "neighbourBytes") > 0);
        facts.equal("what is read is beside buffers", value(shared, "neighbourBytes"), value(shared, "leakedBytes"));
        RunResult whole = AttackBench.run("strict-page", INTERVAL_MICROS, SOON);
        facts.equal("read, with whole pages", 0L, value(whole, "leakedBytes"));
        facts.equal("changed, with whole pages", 0L, value(whole, "changedBytes"));
        facts.holds("the loot is what memory held", shared.dataOk() && whole.dataOk());
    }

    private static void held(Facts facts) {
        RunResult held = AttackBench.run("strict", INTERVAL_MICROS, SOON, "attack.holds=1");
        facts.equal("what was stored later and read", 2_048L, value(held, "lateBytes"));
        RunResult given = AttackBench.run("strict", INTERVAL_MICROS, SOON, "attack.holds=0");
        facts.equal("the same, if the packet is given back", 0L, value(given, "lateBytes"));
    }

    private static double openMillis() {
        return value(AttackBench.run("lazy", INTERVAL_MICROS, NO_SCAN), "openAfterUnmapPs") / (double) Time.MILLISECOND;
    }

    private static void bounds(Facts facts) {
        RunResult lazy = AttackBench.run("lazy", 20, NO_SCAN, "driver.packets=600");
        facts.holds("a window stood open", value(lazy, "openAfterUnmapPs") > 0);
        facts.holds("for at most 10 ms", value(lazy, "openAfterUnmapPs") <= 10 * Time.MILLISECOND);
        facts.holds("for at most 256 unmaps", value(lazy, "openAfterUnmapCount") <= 256);
        RunResult strict = AttackBench.run("strict", 20, NO_SCAN, SOON, "driver.packets=600");
        facts.equal("strict", 0L, value(strict, "openAfterUnmapPs"));
    }

    private static void translated(Facts facts) {
        RunResult believed = AttackBench.run("ats-trusted", INTERVAL_MICROS, SOON);
        RunResult none = AttackBench.run("none", INTERVAL_MICROS, SOON);
        facts.holds("believed: the private key too", value(believed, "elsewhereSecretBytes") >= 5 * 4_096);
        facts.holds(
                "nearly as much as without an IOMMU",
                value(believed, "leakedBytes") > value(none, "leakedBytes") * 9 / 10);
        for (String defence : List.of("ats-refused", "ats-blocked")) {
            RunResult run = AttackBench.run(defence, INTERVAL_MICROS, SOON);
            facts.equal(defence + ": elsewhere", 0L, value(run, "elsewhereSecretBytes"));
            facts.equal(defence, value(run, "neighbourBytes"), value(run, "leakedBytes"));
        }
    }

    private static void refused(Facts facts) {
        RunResult run = AttackBench.run("strict", INTERVAL_MICROS, SOON, "attack.writes=false");
        facts.holds("reads were refused", value(run, "refusedCount") > 512);
        facts.equal("answered by anything else", 0L, value(run, "otherAnswerCount"));
        facts.equal("faults", value(run, "refusedCount"), value(run, "iommuFaultCount"));
    }

    private static double scanRate() {
        RunResult run = AttackBench.run("none", INTERVAL_MICROS, "driver.linger=1ms", "attack.scan-iovas=0B");
        return value(run, "scanBytesPerSecond") * 8 / 1e9;
    }
}
