package flyby.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.sim.Time;
import flyby.study.RunResult;
import flyby.study.ScenarioResult;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a malicious card reads and changes under each defence. The judges are two accounts that share nothing with the
/// IOMMU: its tables as they lie in memory, and words that say whose they are.
final class DmaAttackTest {
    private static final String SCENARIO = "attack";
    private static final int MIB = 1 << 20;

    private static RunResult run(String defence, String... settings) {
        String[] all = new String[settings.length + 2];
        all[0] = "defences=" + defence;
        // What a test sets comes later, and counts.
        all[1] = "driver.linger=200us";
        System.arraycopy(settings, 0, all, 2, settings.length);
        ScenarioResult result = Runs.run(SCENARIO, Runs.bytes(0), all);
        assertThat(result.ok()).as(defence).isTrue();
        return Runs.named(result, defence);
    }

    private static long figure(RunResult run, String key) {
        return LeakConclusions.value(run, key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "passthrough"})
    void withoutProtectionAllOfMemoryIsRead(String defence) {
        RunResult run = run(defence);

        long secrets = figure(run, LeakReport.SECRET);
        assertThat(secrets).isGreaterThan(5 * 4_096);
        assertThat(figure(run, LeakReport.LEAKED)).isLessThanOrEqualTo(2 * MIB).isGreaterThan(2 * MIB - 64 * 1024);
        assertThat(figure(run, LeakReport.CHANGED)).isPositive();
        assertThat(figure(run, LeakReport.REFUSED))
                .as("a page each of the scan of IOVAs")
                .isEqualTo(256);
    }

    @ParameterizedTest
    @ValueSource(strings = {"strict", "ats-refused", "ats-blocked"})
    void strictLeaksTheRestOfThePagesAndNothingElse(String defence) {
        RunResult run = run(defence);

        long sent = 8;
        assertThat(figure(run, LeakReport.NEIGHBOURS)).isEqualTo(sent * 2_048);
        assertThat(figure(run, LeakReport.LEAKED)).isEqualTo(sent * 2_048);
        assertThat(figure(run, LeakReport.STALE)).isZero();
        assertThat(figure(run, LeakReport.OPEN)).isZero();
        assertThat(figure(run, LeakReport.CHANGED)).isPositive();
    }

    @Test
    void pagesOfTheirOwnLeakNothing() {
        RunResult run = run("strict-page");

        assertThat(figure(run, LeakReport.LEAKED)).isZero();
        assertThat(figure(run, LeakReport.CHANGED)).isZero();
        assertThat(figure(run, LeakReport.OPEN)).isZero();
        assertThat(run.findings()).isEmpty();
    }

    @Test
    void whoeverIsBelievedReadsAllOfMemory() {
        RunResult run = run("ats-trusted");

        assertThat(figure(run, LeakReport.LEAKED)).isGreaterThan(2 * MIB - 64 * 1024);
        assertThat(figure(run, LeakReport.STALE)).isZero();
    }

    @Test
    void aRunIsAFunctionOfItsSeed() {
        assertThat(run("strict").traceHash()).isEqualTo(run("strict").traceHash());
    }

    @Test
    void leaksAreFailuresIfTheScenarioSaysSo() {
        ScenarioResult result = Runs.run(
                SCENARIO, Runs.bytes(0), "defences=strict,strict-page", "driver.linger=100us", "leaks=failures");

        assertThat(Runs.named(result, "strict").ok()).isFalse();
        assertThat(Runs.named(result, "strict-page").ok()).isTrue();
    }

    @Test
    void whatWasUnmappedStaysOpenForAtMostTenMillisecondsUnderLazy() {
        RunResult run = run("lazy", "driver.linger=11ms", "attack.scan-memory=0B");

        assertThat(figure(run, LeakReport.OPEN))
                .isGreaterThan(9 * Time.MILLISECOND)
                .isLessThanOrEqualTo(10 * Time.MILLISECOND);
        assertThat(figure(run, LeakReport.STALE)).isPositive();
    }

    /// Random cards and drivers: what is read is within what the tables have exposed, to the byte, and everything that
    /// they expose for long enough is read. The run itself compares byte by byte, and fails if it is not so.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void underStrictTheLeakIsWhatTheTablesExpose(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        RunResult run = run(
                random.nextInt(4) == 0 ? "strict-page" : "strict",
                "driver.buffers=" + (1 + random.nextInt(20)),
                "driver.packets=" + (1 + random.nextInt(40)),
                "attack.holds=" + random.nextInt(3),
                "attack.window=" + (1 + random.nextInt(32)),
                "attack.read=" + (64 << random.nextInt(4)) + "B",
                "attack.writes=" + random.nextBoolean(),
                "attack.order=" + (random.nextBoolean() ? "iovas-first" : "memory-first"),
                "attack.scan-memory=" + 64 * random.nextInt(10) + "KiB");

        assertThat(run.dataOk()).isTrue();
        assertThat(figure(run, LeakReport.LEAKED)).isEqualTo(figure(run, LeakReport.EXPOSED));
        assertThat(figure(run, LeakReport.OPEN)).isZero();
    }
}
