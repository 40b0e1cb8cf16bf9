package flyby.experiment;

import flyby.experiment.LeakBook.Way;
import flyby.experiment.Secrets.Secret;
import flyby.experiment.Windows.Window;
import flyby.iommu.Iommu;
import flyby.sim.Time;
import flyby.study.Figure;
import flyby.study.Figure.Unit;
import flyby.study.Finding;
import flyby.study.Finding.ByteEvidence;
import flyby.study.RunResult;
import flyby.study.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// What an attack has come to: figures, lists and findings, made from the account of the [LeakBook].
final class LeakReport {
    static final String LEAKED = "leakedBytes";
    static final String SECRET = "secretBytes";
    static final String NEIGHBOURS = "neighbourBytes";
    static final String STALE = "staleBytes";
    static final String CHANGED = "changedBytes";
    static final String OPEN = "openAfterUnmapPs";
    static final String OPEN_UNMAPS = "openAfterUnmapCount";
    static final String EXPOSED = "exposedBytes";
    static final String REFUSED = "refusedCount";
    static final String FAULTS = "iommuFaultCount";
    static final String SCAN = "scanPs";
    static final String RATE = "scanBytesPerSecond";

    private static final int EVIDENCE_BYTES = 64;
    private static final int WINDOWS_SHOWN = 40;

    private final AttackRun attack;
    private final LeakBook book;

    LeakReport(AttackRun attack) {
        this.attack = attack;
        this.book = attack.book();
    }

    RunResult result() {
        List<String> digests = book.digests();
        return attack.run()
                .result(book.readBytes(), digests.getFirst(), digests.getLast(), findings(), figures(), explanation())
                .withTables(List.of(owners(), windows()));
    }

    // Figures.

    private List<Figure> figures() {
        List<Figure> figures = new ArrayList<>(List.of(
                figure(LEAKED, "leaked", book.leakedBytes(), Unit.BYTES),
                figure(SECRET, "secrets", secretBytes(), Unit.BYTES),
                figure(NEIGHBOURS, "beside", book.readBy(Way.NEIGHBOUR), Unit.BYTES),
                figure(STALE, "stale", book.readBy(Way.STALE), Unit.BYTES),
                figure(CHANGED, "changed", changedBytes(), Unit.BYTES),
                figure(OPEN, "open for", openPicos(), Unit.PICOSECONDS),
                figure(REFUSED, "refused", book.refusedCount(), Unit.COUNT)));
        Iommu iommu = attack.machine().iommu();
        figures.add(hidden(
                FAULTS, "IOMMU faults", iommu == null ? 0 : iommu.statistics().faults(), Unit.COUNT));
        figures.add(hidden(OPEN_UNMAPS, "unmaps while one stood open", openUnmaps(), Unit.COUNT));
        figures.add(hidden(EXPOSED, "exposed by the tables", book.exposed().cardinality(), Unit.BYTES));
        figures.add(hidden("lateBytes", "stored later and read", book.lateBytes(), Unit.BYTES));
        figures.add(hidden("elsewhereSecretBytes", "secrets read elsewhere", elsewhereBytes(), Unit.BYTES));
        figures.add(
                hidden("otherAnswerCount", "refused otherwise than as unsupported", book.brokenCount(), Unit.COUNT));
        figures.add(hidden("accessCount", "accesses of the attack", book.accessCount(), Unit.COUNT));
        figures.add(hidden("writeCount", "of these, writes", (long) book.writeCount(), Unit.COUNT));
        figures.add(hidden("packetCount", "packets received", attack.received(), Unit.COUNT));
        figures.add(hidden(
                "changedPacketCount",
                "of these, changed behind the driver's back",
                attack.changedPackets(),
                Unit.COUNT));
        figures.add(hidden("windowCount", "mappings", (long) book.windows().count(), Unit.COUNT));
        figures.add(hidden("reachedLateCount", "mappings reached after unmap", reachedLate(), Unit.COUNT));
        figures.add(hidden(SCAN, "time to scan", attack.scanPicos(), Unit.PICOSECONDS));
        double rate = attack.scanPicos() == 0 ? 0 : attack.scannedBytes() * (double) Time.SECOND / attack.scanPicos();
        figures.add(hidden(RATE, "read while scanning", Math.round(rate), Unit.BYTES_PER_SECOND));
        return figures;
    }

    private static Figure figure(String key, String title, long value, Unit unit) {
        return TracedRun.figure(key, title, value, unit, true);
    }

    private static Figure hidden(String key, String title, long value, Unit unit) {
        return TracedRun.figure(key, title, value, unit, false);
    }

    private long secretBytes() {
        return attack.secrets().all().stream().mapToLong(book::readOf).sum();
    }

    private long elsewhereBytes() {
        return attack.secrets().all().stream()
                .mapToLong(secret -> book.readOf(secret, Way.ELSEWHERE))
                .sum();
    }

    private long changedBytes() {
        return attack.secrets().all().stream().mapToLong(this::changedIn).sum();
    }

    private long changedIn(Secret secret) {
        byte[] now = book.now(secret);
        byte[] right = secret.content();
        long changed = 0;
        for (int i = 0; i < now.length; i++) {
            changed += now[i] == right[i] ? 0 : 1;
        }
        return changed;
    }

    private long openPicos() {
        return book.windows().all().stream().mapToLong(Window::openPicos).max().orElse(0);
    }

    private long openUnmaps() {
        return book.windows().all().stream().mapToLong(Window::openUnmaps).max().orElse(0);
    }

    private long reachedLate() {
        return book.windows().all().stream()
                .filter(Window::wasReachedAfterwards)
                .count();
    }

    // Lists.

    /// A row for each owner of secrets.
    private Table owners() {
        Map<String, long[]> rows = new LinkedHashMap<>();
        for (Secret secret : attack.secrets().all()) {
            long[] row = rows.computeIfAbsent(secret.owner(), _ -> new long[6]);
            row[0] += secret.byteCount();
            int column = 1;
            for (Way way : Way.values()) {
                row[column++] += book.readOf(secret, way);
            }
            row[4] += book.readOf(secret);
            row[5] += changedIn(secret);
        }
        List<List<String>> cells = new ArrayList<>();
        rows.forEach((owner, row) -> {
            List<String> line = new ArrayList<>(List.of(owner));
            Arrays.stream(row).forEach(each -> line.add(String.format(Locale.ROOT, "%,d", each)));
            cells.add(line);
        });
        return new Table(
                "leaks",
                "Whose memory the device has read and changed, in bytes",
                List.of("owner", "has", "read beside buffers", "read after unmap", "read elsewhere", "read", "changed"),
                cells);
    }

    /// A row for each mapping through which the device reached memory too late.
    private Table windows() {
        List<List<String>> cells = book.windows().all().stream()
                .filter(Window::wasReachedAfterwards)
                .limit(WINDOWS_SHOWN)
                .map(window -> List.of(
                        "0x%x".formatted(window.buffer().dmaAddress()),
                        "0x%x".formatted(window.buffer().address()),
                        window.buffer().direction().isRead() ? "packet to send" : "receive buffer",
                        Time.text(window.openPicos()),
                        String.valueOf(window.openUnmaps())))
                .toList();
        return new Table(
                "windows",
                "Mappings that stood open after they were unmapped"
                        + (reachedLate() > WINDOWS_SHOWN ? ", the first " + WINDOWS_SHOWN : ""),
                List.of("IOVA", "memory", "for", "open for at least", "unmaps"),
                cells);
    }

    private List<String> explanation() {
        List<String> sentences = new ArrayList<>();
        sentences.add(attack.defence().word() + ": " + attack.defence().words() + ".");
        for (List<String> row : owners().rows()) {
            sentences.add("%s: %s of %s bytes were read, and %s changed"
                    .formatted(row.get(0), row.get(5), row.get(1), row.get(6)));
        }
        attack.warnings().forEach(sentences::add);
        return sentences;
    }

    // Findings.

    private List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        for (String sentence : book.wrong()) {
            findings.add(new Finding(
                    true,
                    "The loot is not what memory held",
                    "Two accounts of the same access contradict each other: " + sentence,
                    "",
                    List.of()));
            break;
        }
        boolean isBad = attack.settings().choice(DmaAttack.LEAKS).equals("failures");
        String remedy = isBad ? "one of the defences that keep the device to its buffers: bounce, strict-page" : "";
        List<Secret> stolen = stolen();
        if (!stolen.isEmpty()) {
            findings.add(new Finding(
                    isBad,
                    "The device has read %,d bytes of secrets".formatted(secretBytes()),
                    "They are of these owners: %s. The first bytes of the first are below. Nobody has mapped them for"
                                    .formatted(owners(stolen))
                            + " the device.",
                    remedy,
                    List.of(evidence(stolen.getFirst()))));
        }
        List<Secret> changed = changed();
        if (!changed.isEmpty()) {
            findings.add(new Finding(
                    isBad,
                    "The device has changed %,d bytes of secrets".formatted(changedBytes()),
                    "They are of these owners: %s. The first are below: what the kernel had stored, and what it would"
                                    .formatted(owners(changed))
                            + " find.",
                    remedy,
                    List.of(change(changed.getFirst()))));
        }
        return findings;
    }

    private static String owners(List<Secret> secrets) {
        return secrets.stream().map(Secret::owner).collect(Collectors.joining(", "));
    }

    /// The first of each owner of which anything was read.
    private List<Secret> stolen() {
        Map<String, Secret> first = new LinkedHashMap<>();
        for (Secret secret : attack.secrets().all()) {
            if (book.readOf(secret) > 0) {
                first.putIfAbsent(secret.owner(), secret);
            }
        }
        return List.copyOf(first.values());
    }

    /// The first of each owner of which anything was changed.
    private List<Secret> changed() {
        Map<String, Secret> first = new LinkedHashMap<>();
        for (Secret secret : attack.secrets().all()) {
            if (changedIn(secret) > 0) {
                first.putIfAbsent(secret.owner(), secret);
            }
        }
        return List.copyOf(first.values());
    }

    private ByteEvidence evidence(Secret secret) {
        int start = book.allRead().nextSetBit(Math.toIntExact(secret.address())) - Math.toIntExact(secret.address());
        int end = Math.min(start + EVIDENCE_BYTES, secret.byteCount());
        byte[] seen = Arrays.copyOfRange(book.loot(secret), start, end);
        byte[] right = Arrays.copyOfRange(secret.content(), start, end);
        return new ByteEvidence(secret.address() + start, seen, "the device, by its reads", right, secret.owner());
    }

    private ByteEvidence change(Secret secret) {
        byte[] now = book.now(secret);
        int first = Math.max(0, Arrays.mismatch(now, secret.content()) & -EVIDENCE_BYTES);
        int end = Math.min(first + EVIDENCE_BYTES, secret.byteCount());
        return new ByteEvidence(
                secret.address() + first,
                Arrays.copyOfRange(now, first, end),
                "memory, after the run",
                Arrays.copyOfRange(secret.content(), first, end),
                "memory, before");
    }
}
