package flyby.attacker;

import flyby.base.LittleEndian;
import flyby.bus.AddressType;
import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Status;
import flyby.sim.Alarm;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an attacker's device does that nobody has asked it for. It knows no more than any device: the addresses that
/// it was given, and what answers.
///
/// A page that it is given is read as a whole at once. Then, every so often, one line of it is read and one written,
/// the next one each time, also when the driver has long taken it back. Beside that it scans.
public final class Malice {
    static final int PAGE_BYTES = 4_096;
    static final int LINE_BYTES = 64;

    /// What it writes has this in the upper half, and in the lower half a number that counts up.
    public static final long STAMP = 0x4c59_4e58_0000_0000L;

    /// A line to be written.
    private record Planting(long address, AddressType claim) {}

    private final DeviceHost host;
    private final Plan plan;
    private final Spoils spoils;
    private final List<GivenPage> given = new ArrayList<>();
    private final ArrayDeque<GivenPage> fresh = new ArrayDeque<>();
    private final ArrayDeque<Raid> free = new ArrayDeque<>();
    /// Lines to be written, before anything is read.
    private final ArrayDeque<Planting> plantings = new ArrayDeque<>();
    private final ArrayDeque<Long> lines = new ArrayDeque<>();
    private final Alarm revisit;
    private final Alarm pace;
    private final Runnable pageRead;
    /// Which raids are reads of a scan, and how many of them there are.
    private final boolean[] isScan;
    private int scansUnderWay;
    private int scan;
    private long scanned;
    private long nextScanPicos;
    private long scanEndPicos = -1;
    private long scanBytes;
    private long stamps;
    private boolean isOver;
    private boolean isGoing;

    /// @param pageRead told when a page that was given has been read
    Malice(DeviceHost host, String name, Plan plan, Spoils spoils, Runnable pageRead) {
        this.host = host;
        this.plan = plan;
        this.spoils = spoils;
        this.pageRead = pageRead;
        isScan = new boolean[plan.window()];
        revisit = host.alarm(name + " revisits", this::revisit);
        pace = host.alarm(name + " pace", this::go);
        for (int i = 0; i < plan.window(); i++) {
            free.add(new Raid(this, i));
        }
    }

    /// Begins to scan.
    void start() {
        if (plan.scans().isEmpty()) {
            scanEndPicos = host.nowPicos();
        }
        if (plan.revisitPicos() > 0) {
            revisit.in(plan.revisitPicos());
        }
        go();
    }

    /// Nothing more is done.
    void stop() {
        isOver = true;
        revisit.cancel();
        pace.cancel();
    }

    boolean isOver() {
        return isOver;
    }

    /// Whether the scan has come to its end.
    public boolean isScanned() {
        return scanEndPicos >= 0;
    }

    /// When it had.
    public long scanEndPicos() {
        return scanEndPicos;
    }

    /// Bytes that it has read until the scan had come to its end.
    public long scanBytes() {
        return scanBytes;
    }

    long nowPicos() {
        return host.nowPicos();
    }

    /// The driver has given the device a buffer.
    void given(long start, long byteCount) {
        if (isOver || plan.isHonest()) {
            return;
        }
        GivenPage page = pageOf(start);
        if (page == null) {
            page = new GivenPage(start, byteCount);
            given.add(page);
        } else {
            page.give(byteCount);
        }
        fresh.add(page);
        go();
    }

    /// The buffer at `start` is going back to the driver.
    void givenBack(long start) {
        GivenPage page = pageOf(start);
        if (page != null) {
            page.giveBack();
        }
    }

    /// Whether the page of the buffer at `start` has been read, so that the device may give it back.
    boolean isRead(long start) {
        GivenPage page = pageOf(start);
        return page == null || page.isRead();
    }

    private @Nullable GivenPage pageOf(long start) {
        for (GivenPage page : given) {
            if (page.isBuffer(start)) {
                return page;
            }
        }
        return null;
    }

    private void revisit() {
        // If the link cannot carry that many, fewer visits are made.
        if (lines.isEmpty()) {
            given.forEach(page -> lines.add(page.nextLine()));
        }
        revisit.in(plan.revisitPicos());
        go();
    }

    private void go() {
        if (isGoing) {
            return;
        }
        isGoing = true;
        while (!free.isEmpty() && !isOver && next(free.element())) {
            // One more is under way.
        }
        isGoing = false;
    }

    /// Gives `raid`, which is the first of the free ones, something to do, if there is anything.
    private boolean next(Raid raid) {
        Planting planting = plantings.poll();
        if (planting != null) {
            begin();
            raid.write(planting.address(), LINE_BYTES / Long.BYTES, STAMP | ++stamps, planting.claim());
            return true;
        }
        GivenPage page = fresh.poll();
        if (page != null) {
            begin();
            raid.read(page.page(), page.page() + PAGE_BYTES, plan.readBytes(), AddressType.UNTRANSLATED, page);
            return true;
        }
        Long line = lines.poll();
        if (line != null) {
            begin();
            if (plan.plants() && isFree(line)) {
                plantings.add(new Planting(line, AddressType.UNTRANSLATED));
            }
            raid.read(line, line + LINE_BYTES, LINE_BYTES, AddressType.UNTRANSLATED, GivenPage.NONE);
            return true;
        }
        return scan(raid);
    }

    private void begin() {
        free.remove();
    }

    /// Whether the device is not to work with the line at `address`.
    private boolean isFree(long address) {
        for (GivenPage page : given) {
            if (page.isInUse(address)) {
                return false;
            }
        }
        return true;
    }

    private boolean scan(Raid raid) {
        if (scan == plan.scans().size()) {
            return false;
        }
        long now = host.nowPicos();
        if (now < nextScanPicos) {
            pace.at(nextScanPicos);
            return false;
        }
        Plan.Range range = plan.scans().get(scan);
        long start = range.start() + scanned;
        scanned += PAGE_BYTES;
        if (scanned == range.byteCount()) {
            scan++;
            scanned = 0;
        }
        nextScanPicos = now + plan.pacePicos();
        begin();
        isScan[raid.index()] = true;
        scansUnderWay++;
        raid.read(start, start + PAGE_BYTES, plan.readBytes(), plan.claim(), GivenPage.NONE);
        return true;
    }

    void asked(Raid raid) {
        spoils.asked(raid);
    }

    void submit(Transaction transaction) {
        host.submit(transaction);
    }

    void answered(Raid raid, Status status) {
        spoils.answered(raid, status);
        if (status == Status.SUCCESS && !raid.isWrite() && !isScanned()) {
            scanBytes += raid.byteCount();
        }
        if (status == Status.SUCCESS && !raid.isWrite() && plan.plants() && plan.signature() != 0) {
            search(raid);
        }
    }

    /// Where the signature is, what is behind it is replaced.
    private void search(Raid raid) {
        for (int i = 0; i + LINE_BYTES < raid.byteCount(); i += LINE_BYTES) {
            if (LittleEndian.get(raid.data(), i, Long.BYTES) == plan.signature()) {
                plantings.add(new Planting(raid.iova() + i + LINE_BYTES, raid.claim()));
            }
        }
    }

    void free(Raid raid) {
        free.add(raid);
        if (isScan[raid.index()]) {
            isScan[raid.index()] = false;
            scansUnderWay--;
        }
        GivenPage page = raid.page();
        if (page != GivenPage.NONE && !raid.isWrite()) {
            page.read();
            plantBeside(page);
            pageRead.run();
        }
        if (isScan[raid.index()]) {
            isScan[raid.index()] = false;
            scansUnderWay--;
        }
        go();
        // Visits of pages may go on for ever.
        if (scanEndPicos < 0 && scan == plan.scans().size() && scansUnderWay == 0) {
            scanEndPicos = host.nowPicos();
        }
    }

    private void plantBeside(GivenPage page) {
        if (plan.plants()) {
            for (int i = 0; i < PAGE_BYTES; i += LINE_BYTES) {
                if (isFree(page.page() + i)) {
                    plantings.add(new Planting(page.page() + i, AddressType.UNTRANSLATED));
                }
            }
        }
    }
}
