package flyby.guest;

import flyby.fault.FaultPlan;
import flyby.live.ServeOrder;
import flyby.params.Given;
import flyby.vfio.LiveCheck;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// All outside judges, one after the other: Linux's own drivers and tools look at Flyby's devices.
public final class JudgeSuite {
    private static final String EDU = "edu";
    private static final String DMATEST = "dmatest";
    private static final String IOATDMA = "ioatdma";
    private static final String NVME_CLI = "nvme-cli";
    private static final String EXT4 = "ext4";
    private static final String FIO = "fio";
    private static final String POWER_CUT = "power-cut";
    private static final String WINDOWS = "windows";

    /// Their names, in the order in which they are told of.
    public static final List<String> JUDGES = List.of(EDU, DMATEST, IOATDMA, NVME_CLI, EXT4, FIO, POWER_CUT, WINDOWS);

    /// Every so many-th write of the engine has a byte flipped. Data and the descriptor's status take turns, so an
    /// odd number of writes before the first leaves all statuses alone.
    private static final int CORRUPTED_EVERY = 20;

    private static final long DRIVE_BYTES = 64L << 20;

    /// Its 100 ms for each transfer say nothing here.
    private static final ServeOrder EDU_ORDER = order(EDU, "edu.dma=100us");

    private final Guest guest;
    private final Path launcher;
    private final boolean isLong;

    /// @param guest where they look
    /// @param launcher the program `flyby`, which is killed in the power cut
    /// @param isLong whether to look longer, under more settings
    public JudgeSuite(Guest guest, Path launcher, boolean isLong) {
        this.guest = guest;
        this.launcher = launcher;
        this.isLong = isLong;
    }

    /// Holds all hearings that are needed.
    ///
    /// @param wanted whose verdicts, of [#JUDGES]
    /// @param told hears of each finding as soon as it is known, those of other judges of the same hearings too
    /// @return a verdict for each of `wanted`
    public List<Verdict> run(Collection<String> wanted, Consumer<Finding> told) {
        Map<String, List<Finding>> byJudge = new LinkedHashMap<>();
        Consumer<Finding> keep = finding -> {
            byJudge.computeIfAbsent(finding.judge(), _ -> new ArrayList<>()).add(finding);
            told.accept(finding);
        };
        for (Hearing hearing : hearings()) {
            if (hearing.judges().stream().anyMatch(wanted::contains)) {
                hearing.hold(guest).forEach(keep);
            }
        }
        if (wanted.contains(POWER_CUT)) {
            try (GuestFolder folder = new GuestFolder()) {
                new PowerCut(guest, launcher, folder).run().forEach(keep);
            }
        }
        return JUDGES.stream()
                .filter(wanted::contains)
                .map(judge -> new Verdict(judge, byJudge.getOrDefault(judge, List.of())))
                .toList();
    }

    private List<Hearing> hearings() {
        List<Hearing> hearings = new ArrayList<>();
        Map<String, String> amount = amount();
        hearings.add(Hearing.of(
                List.of(EDU, DMATEST, IOATDMA),
                List.of(EDU, DMATEST, "plx", "ioat"),
                amount,
                GuestIommu.OFF,
                () -> List.of(edu(), engine("plx-dma"), engine("ioat"))));
        hearings.add(corruption());
        hearings.add(drive(List.of(NVME_CLI, EXT4, FIO), amount, GuestIommu.OFF));
        hearings.add(translated(GuestIommu.STRICT));
        hearings.add(misdirection());
        if (isLong) {
            hearings.add(translated(GuestIommu.LAZY));
            hearings.add(drive(List.of(NVME_CLI, EXT4, FIO), under(GuestIommu.STRICT), GuestIommu.STRICT));
            hearings.add(drive(List.of(NVME_CLI, EXT4, FIO), under(GuestIommu.LAZY), GuestIommu.LAZY));
        }
        return hearings;
    }

    /// How much of everything there is to be.
    private Map<String, String> amount() {
        return isLong
                ? Map.of("COPIES", "4000", "JOB_SIZE", "16m", "FILES", "400")
                : Map.of("COPIES", "400", "JOB_SIZE", "2m", "FILES", "40");
    }

    private Map<String, String> under(GuestIommu iommu) {
        Map<String, String> variables = new LinkedHashMap<>(amount());
        variables.put("UNDER", iommu.word() + "-");
        return variables;
    }

    private Hearing translated(GuestIommu iommu) {
        Map<String, String> variables = new LinkedHashMap<>(under(iommu));
        // Each mapping is a message to the server, and waits for its answer.
        variables.put("COPIES", isLong ? "1000" : "100");
        List<ShelfDevice> devices = List.of(
                new ShelfDevice(EDU_ORDER.checked()),
                new ShelfDevice(order("plx-dma").checked()),
                new ShelfDevice(order("ioat").checked()),
                new ShelfDevice(driveOrder().checked()));
        return new Hearing(
                List.of(EDU, DMATEST, IOATDMA, FIO, WINDOWS),
                List.of(EDU, DMATEST, "plx", "ioat", FIO, WINDOWS),
                variables,
                iommu,
                () -> List.copyOf(devices),
                _ -> devices.stream()
                        .map(device -> nothingRefused(iommu, device))
                        .toList());
    }

    /// Linux's drivers map what their devices use, and these use nothing else.
    private static Finding nothingRefused(GuestIommu iommu, ShelfDevice device) {
        LiveCheck check = device.check();
        boolean isClean = check != null && check.refusedCount() == 0 && check.mappedCount() > 0;
        return Finding.of(
                WINDOWS, iommu.word() + "-" + device.name(), isClean, check == null ? "not checked" : check.summary());
    }

    /// Some of the engine's writes go to where its driver has mapped nothing: all of these have to be told of.
    private Hearing misdirection() {
        FaultPlan plan =
                FaultPlan.parse("misdirection", "misdirect write by 0x40000000 after 1 every " + CORRUPTED_EVERY);
        ShelfDevice engine = new ShelfDevice(
                order("plx-dma", "plx.unit=64KiB", "plx.window=1").with(plan).checked());
        Map<String, String> variables = new LinkedHashMap<>(amount());
        variables.put("CORRUPTED", "yes");
        variables.put("UNDER", "misdirected-");
        return new Hearing(
                List.of(WINDOWS),
                List.of(DMATEST, "plx", WINDOWS),
                variables,
                GuestIommu.STRICT,
                () -> List.of(engine),
                _ -> List.of(misdirectionFound(engine)));
    }

    private static Finding misdirectionFound(ShelfDevice engine) {
        LiveCheck check = engine.check();
        long planted = engine.faultCount();
        boolean isFound = check != null
                && planted > 0
                && check.refusedCount() == planted
                && check.reports().stream().noneMatch(report -> report.purpose().isEmpty());
        return Finding.of(
                WINDOWS,
                "misdirected",
                isFound,
                planted + " writes were misdirected; " + (check == null ? "not checked" : check.summary()));
    }

    private static Hearing drive(List<String> judges, Map<String, String> variables, GuestIommu iommu) {
        return Hearing.of(judges, judges, variables, iommu, () -> List.of(drive()));
    }

    /// As many copies as the host has spoilt have to be reported.
    private Hearing corruption() {
        FaultPlan plan = FaultPlan.parse("corruption", "corrupt write byte 0 after 1 every " + CORRUPTED_EVERY);
        ShelfDevice engine = new ShelfDevice(
                order("plx-dma", "plx.unit=64KiB", "plx.window=1").with(plan));
        Map<String, String> variables = new LinkedHashMap<>(amount());
        variables.put("CORRUPTED", "yes");
        return new Hearing(
                List.of(DMATEST),
                List.of(DMATEST, "plx"),
                variables,
                GuestIommu.OFF,
                () -> List.of(engine),
                result -> List.of(corruptionFound(result, engine.faultCount())));
    }

    private static Finding corruptionFound(GuestResult result, long planted) {
        String reported = result.output()
                .lines()
                .filter(line -> line.startsWith("reported "))
                .map(line -> line.substring("reported ".length()).strip())
                .findFirst()
                .orElse("nothing");
        return Finding.of(
                DMATEST,
                "corruption",
                planted > 0 && reported.equals(String.valueOf(planted)),
                planted + " copies were corrupted, and dmatest reports " + reported);
    }

    private static GuestDevice edu() {
        return new ShelfDevice(EDU_ORDER);
    }

    private static GuestDevice engine(String kind) {
        return new ShelfDevice(order(kind));
    }

    /// A drive in memory that takes no time.
    private static GuestDevice drive() {
        return new ShelfDevice(driveOrder());
    }

    private static ServeOrder driveOrder() {
        return order(
                "nvme",
                "nvme.size=" + DRIVE_BYTES + "B",
                "nvme.read-latency=0ns",
                "nvme.write-latency=0ns",
                "nvme.flush-latency=0ns");
    }

    private static ServeOrder order(String kind, String... set) {
        return ServeOrder.of(kind, Given.fromCommandLine(List.of(set)));
    }
}
