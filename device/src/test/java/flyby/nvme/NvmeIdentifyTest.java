package flyby.nvme;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.nvme.NvmeBench.Completion;
import flyby.nvme.layout.NvmeOpcodes;
import flyby.nvme.layout.NvmeStatus;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What Identify, Get Log Page and Get Features tell, byte by byte, typed in by hand from the specification's
/// sections 5.13 to 5.15.
final class NvmeIdentifyTest {
    private static final long DATA = 0x10_0000;

    private final NvmeBench bench = NvmeBench.instant();

    NvmeIdentifyTest() {
        bench.enable();
    }

    private Completion identify(int cns, int nsid) {
        java.util.Arrays.fill(bench.memory, (int) DATA, (int) DATA + 4096, (byte) 0xcc);
        return bench.admin(NvmeOpcodes.IDENTIFY, nsid, DATA, cns);
    }

    private String text(int at, int byteCount) {
        return new String(bench.memory, (int) DATA + at, byteCount, StandardCharsets.US_ASCII);
    }

    /// The bytes of the page that are not 0, outside of texts and of what differs from drive to drive.
    private Map<Integer, Integer> bytes(int from, int to) {
        Map<Integer, Integer> bytes = new TreeMap<>();
        for (int i = from; i < to; i++) {
            int value = bench.memory[(int) DATA + i] & 0xff;
            if (value != 0) {
                bytes.put(i, value);
            }
        }
        return bytes;
    }

    @Test
    void theController() {
        NvmeBench.check(identify(1, 0));

        assertThat(text(4, 20)).matches("FLYBY[0-9A-F]{15}");
        assertThat(text(24, 40)).isEqualTo("Flyby NVMe controller" + " ".repeat(19));
        assertThat(text(64, 8)).isEqualTo("1.4     ");
        assertThat(text(768, 43)).matches("nqn\\.2026-11\\.org\\.flyby:FLYBY[0-9A-F]{15}\\x00");
        assertThat(bytes(0, 4)).isEqualTo(Map.of(0, 0xb0, 1, 0xf1, 2, 0xb0, 3, 0xf1));
        Map<Integer, Integer> expected = new TreeMap<>();
        expected.put(77, 7); // MDTS: 512 KiB
        expected.put(81, 4); // VER: 1.4.0
        expected.put(82, 1);
        expected.put(93, 1); // OAES: Namespace Attribute Notices
        expected.put(111, 1); // CNTRLTYPE: I/O
        expected.put(256, 2); // OACS: Format NVM
        expected.put(257, 1); // OACS: Doorbell Buffer Config
        expected.put(258, 3); // ACL
        expected.put(259, 3); // AERL
        expected.put(260, 3); // FRMW: one slot, read only
        expected.put(261, 6); // LPA: effects, extended data
        expected.put(262, 63); // ELPE
        expected.put(266, 0x61); // WCTEMP: 353 K
        expected.put(267, 1);
        expected.put(268, 0x66); // CCTEMP: 358 K
        expected.put(269, 1);
        expected.put(283, 1); // TNVMCAP: 16 MiB
        expected.put(512, 0x66); // SQES
        expected.put(513, 0x44); // CQES
        expected.put(516, 1); // NN
        expected.put(520, 0x5d); // ONCS
        expected.put(525, 7); // VWC
        expected.put(536, 1); // SGLS
        expected.put(538, 5);
        assertThat(bytes(72, 768)).isEqualTo(expected);
        assertThat(bytes(1024, 4096)).isEmpty();
    }

    @Test
    void theNamespace() {
        NvmeBench.check(identify(0, 1));

        Map<Integer, Integer> expected = new TreeMap<>();
        expected.put(1, 0x80); // NSZE: 32,768 blocks
        expected.put(9, 0x80); // NCAP
        expected.put(17, 0x80); // NUSE
        expected.put(25, 1); // NLBAF: two
        expected.put(33, 9); // DLFEAT: zeros, also by Write Zeroes
        expected.put(51, 1); // NVMCAP: 16 MiB
        assertThat(bytes(0, 104)).isEqualTo(expected);
        assertThat(bytes(104, 120)).as("NGUID").isNotEmpty();
        assertThat(bytes(120, 128)).as("EUI64").isNotEmpty();
        assertThat(bytes(128, 4096)).as("LBADS").isEqualTo(Map.of(130, 9, 134, 12));
    }

    @Test
    void listsAndWhatIsNotThere() {
        NvmeBench.check(identify(2, 0));
        assertThat(bytes(0, 4096)).isEqualTo(Map.of(0, 1));
        NvmeBench.check(identify(2, 1));
        assertThat(bytes(0, 4096)).isEmpty();
        NvmeBench.check(identify(3, 1));
        assertThat(bytes(0, 4)).isEqualTo(Map.of(0, 1, 1, 8));
        assertThat(bytes(12, 16)).isEqualTo(Map.of(12, 2, 13, 16));
        assertThat(bytes(32, 4096)).isEmpty();

        assertStatus(identify(0, 2), NvmeStatus.INVALID_NAMESPACE);
        assertStatus(identify(2, -1), NvmeStatus.INVALID_NAMESPACE);
        assertStatus(identify(5, 1), NvmeStatus.INVALID_FIELD);
    }

    private static void assertStatus(Completion completion, int code) {
        assertThat(completion.status() & NvmeStatus.CODE_MASK).isEqualTo(code);
    }

    private Completion log(int page, int byteCount, int offset) {
        return bench.admin(NvmeOpcodes.GET_LOG_PAGE, -1, DATA, (byteCount / 4 - 1) << 16 | page, 0, offset, 0);
    }

    @Test
    void theErrorLogSaysWhoseErrorItWas() {
        Completion first = bench.admin(0xd0, 0, 0);
        assertStatus(first, NvmeStatus.INVALID_OPCODE);
        Completion second = identify(0, 77);
        NvmeBench.check(log(1, 128, 0));

        assertThat(bench.word(DATA, 8)).as("the newest is first").isEqualTo(2);
        assertThat(bench.word(DATA + 8, 2)).as("SQID").isZero();
        assertThat(bench.word(DATA + 10, 2)).as("CID").isEqualTo(second.cid());
        assertThat(bench.word(DATA + 12, 2) >>> 1).as("status").isEqualTo(second.status());
        assertThat(bench.word(DATA + 14, 2)).as("byte 4: NSID").isEqualTo(4);
        assertThat(bench.word(DATA + 24, 4)).isEqualTo(77);
        assertThat(bench.word(DATA + 64, 8)).isEqualTo(1);
        assertThat(bench.word(DATA + 64 + 10, 2)).isEqualTo(first.cid());
        NvmeBench.check(log(2, 512, 0));
        assertThat(bench.word(DATA + 176, 8)).as("entries").isEqualTo(2);
        assertThat(bench.word(DATA + 1, 2)).as("kelvins").isEqualTo(313);
    }

    @Test
    void logPagesHaveOffsetsAndEnds() {
        NvmeBench.check(log(5, 4096, 0));
        assertThat(bench.word(DATA + 4 * 6, 4)).as("Identify is supported").isEqualTo(1);
        assertThat(bench.word(DATA + 4 * 0x80, 4)).as("Format changes all").isEqualTo(0x1_0007);
        assertThat(bench.word(DATA + 1024 + 4, 4)).as("Write changes content").isEqualTo(3);
        NvmeBench.check(log(5, 64, 1024));
        assertThat(bench.word(DATA + 4, 4)).isEqualTo(3);
        java.util.Arrays.fill(bench.memory, (int) DATA, (int) DATA + 4096, (byte) 0xcc);
        NvmeBench.check(log(2, 1024, 0));
        assertThat(bytes(512, 1024)).as("beyond the end").isEmpty();
        assertStatus(log(2, 64, 516), NvmeStatus.INVALID_FIELD);
        assertStatus(log(2, 64, 2), NvmeStatus.INVALID_FIELD);
        assertStatus(log(0x70, 64, 0), NvmeStatus.INVALID_LOG_PAGE);
        NvmeBench.check(log(3, 512, 0));
        assertThat(bytes(0, 8)).isEqualTo(Map.of(0, 1));
        assertThat(text(8, 8)).isEqualTo("1.4     ");
    }

    private long feature(int feature, int select) {
        Completion got = bench.admin(NvmeOpcodes.GET_FEATURES, 0, DATA, select << 8 | feature);
        NvmeBench.check(got);
        return got.result();
    }

    private Completion set(int feature, int value) {
        return bench.admin(NvmeOpcodes.SET_FEATURES, 0, DATA, feature, value);
    }

    @Test
    void featuresAreSetAndHaveDefaults() {
        assertThat(feature(7, 0)).as("8 pairs").isEqualTo(0x0007_0007);
        Completion queues = set(7, 0x0002_0001);
        NvmeBench.check(queues);
        assertThat(queues.result()).isEqualTo(0x0002_0002);
        assertThat(feature(7, 1)).isEqualTo(0x0007_0007);
        assertStatus(set(7, 0xffff), NvmeStatus.INVALID_FIELD);

        assertThat(feature(6, 0)).isEqualTo(1);
        NvmeBench.check(set(6, 0));
        assertThat(feature(6, 0)).isZero();
        assertThat(feature(6, 1)).isEqualTo(1);
        assertThat(feature(6, 3)).as("changeable").isEqualTo(4);
        NvmeBench.check(set(8, 0x0203));
        assertThat(feature(8, 0)).isEqualTo(0x0203);
        NvmeBench.check(set(9, 0x1_0002));
        Completion vector = bench.admin(NvmeOpcodes.GET_FEATURES, 0, DATA, 9, 2);
        assertThat(vector.result()).isEqualTo(0x1_0002);
        assertStatus(set(9, 9), NvmeStatus.INVALID_FIELD);
        assertStatus(set(0x77, 0), NvmeStatus.INVALID_FIELD);
        assertStatus(bench.admin(NvmeOpcodes.SET_FEATURES, 0, 0, 1 << 31 | 6, 0), NvmeStatus.FEATURE_NOT_SAVEABLE);
    }

    @Test
    void theTimestampRuns() {
        flyby.base.LittleEndian.put(1_000_000L, bench.memory, (int) DATA, 8);
        NvmeBench.check(set(0x0e, 0));
        bench.simulation.runUntil(bench.simulation.nowPicos() + 5_000_000_000L);
        NvmeBench.check(bench.admin(NvmeOpcodes.GET_FEATURES, 0, DATA, 0x0e));
        assertThat(bench.word(DATA, 6)).isEqualTo(1_000_005L);
        assertThat(bench.word(DATA + 6, 1)).as("set by the host").isEqualTo(2);
    }

    @Test
    void drivesDiffer() {
        NvmeBench.check(identify(1, 0));
        String serial = text(4, 20);
        NvmeBench other = new NvmeBench(new NvmeProfile(1, 2, 512, 0, 0, 0), new SparseStore(1 << 20), () -> 0, "b");
        other.enable();
        NvmeBench.check(other.admin(NvmeOpcodes.IDENTIFY, 0, DATA, 1));
        assertThat(new String(other.memory, (int) DATA + 4, 20, StandardCharsets.US_ASCII))
                .isNotEqualTo(serial);
    }
}
