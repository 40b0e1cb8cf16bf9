package flyby.iommu;

import static flyby.iommu.layout.RemappingTables.pageOffset;

import flyby.base.Check;
import flyby.base.LittleEndian;
import flyby.iommu.layout.FaultReason;
import flyby.iommu.layout.RemappingTables;
import flyby.sim.Event;
import flyby.sim.Simulation;
import org.jspecify.annotations.Nullable;

/// One walker: reads root entry, context entry and tables of one page at a time, and answers all who wait for that
/// page. Intel VT-d, sections 3.4 (requester to domain) and 3.7 (second-stage translation).
final class Walk extends Event {
    private enum Step {
        IDLE,
        MISS,
        ROOT,
        CONTEXT,
        TABLE,
        /// Within an event: nobody joins any more.
        BUSY
    }

    private final Walkers walkers;
    private final ContextEntry context = new ContextEntry();
    private final byte[] bytes = new byte[RemappingTables.CONTEXT_ENTRY_BYTES];
    private final String name;
    private final int track;

    private Step step = Step.IDLE;
    private @Nullable Translation first;
    private @Nullable Translation last;
    private int requesterId;
    private long iova;
    private int level;
    private long allowed;
    private boolean isStale;
    private long startPicos;

    Walk(Simulation simulation, Walkers walkers, String name, int track) {
        super(simulation, name);
        this.walkers = walkers;
        this.name = name;
        this.track = track;
    }

    boolean isIdle() {
        return step == Step.IDLE;
    }

    /// Whether what it finds is no longer to be kept.
    boolean isStale() {
        return isStale;
    }

    /// Tables have changed: see [Walkers#becomeStale]. If this walk may have read them before, whoever waits gets
    /// what it finds, and nobody after them.
    void becomeStale(int domain, long address, int rangeShift) {
        boolean hasRead = switch (step) {
            case IDLE, MISS -> false;
            case ROOT, CONTEXT, BUSY -> true;
            case TABLE ->
                domain == Walkers.ANY_DOMAIN
                        || (domain == context.domain
                                && (rangeShift >= Long.SIZE || address >>> rangeShift == iova >>> rangeShift));
        };
        isStale |= hasRead;
    }

    /// Whether `translation` gets the same answer.
    boolean isFor(Translation translation) {
        return step != Step.IDLE
                && step != Step.BUSY
                && !isStale
                && requesterId == translation.requesterId()
                && iova >>> RemappingTables.PAGE_SHIFT == translation.iova() >>> RemappingTables.PAGE_SHIFT;
    }

    void join(Translation translation) {
        translation.next = null;
        if (last == null) {
            first = translation;
        } else {
            last.next = translation;
        }
        last = translation;
    }

    void begin(Translation translation, long nowPicos) {
        requesterId = translation.requesterId();
        iova = translation.iova();
        startPicos = nowPicos;
        join(translation);
        step = Step.MISS;
        if (walkers.trace().isOn()) {
            walkers.trace().begin(nowPicos, track, walkers.walkName(), 0, iova);
        }
        in(walkers.parameters().missPicos());
    }

    @Override
    protected void fire() {
        Step due = step;
        step = Step.BUSY;
        switch (due) {
            case MISS -> lookUpContext();
            case ROOT -> rootRead();
            case CONTEXT -> contextRead();
            case TABLE -> tableRead();
            case IDLE, BUSY -> throw Check.bug("%s is due while %s", name, due);
        }
    }

    private void lookUpContext() {
        ContextEntry known = walkers.contexts().find(requesterId);
        if (known != null) {
            context.copy(known);
            chooseTable();
        } else {
            walkers.statistics().contextMisses++;
            context.recordsFaults = true;
            read(
                    walkers.rootTable() + RemappingTables.rootOffset(requesterId),
                    RemappingTables.ROOT_ENTRY_BYTES,
                    Step.ROOT,
                    FaultReason.ROOT_UNREACHABLE);
        }
    }

    private void rootRead() {
        long low = LittleEndian.get(bytes, 0, Long.BYTES);
        long high = LittleEndian.get(bytes, Long.BYTES, Long.BYTES);
        if (!RemappingTables.PRESENT.isSet(low)) {
            fail(FaultReason.ROOT_NOT_PRESENT);
        } else if (RemappingTables.ROOT_RESERVED.isSet(low) || high != 0) {
            fail(FaultReason.ROOT_RESERVED);
        } else {
            read(
                    (low & RemappingTables.TABLE.mask()) + RemappingTables.contextOffset(requesterId),
                    RemappingTables.CONTEXT_ENTRY_BYTES,
                    Step.CONTEXT,
                    FaultReason.CONTEXT_UNREACHABLE);
        }
    }

    private void contextRead() {
        context.requesterId = requesterId;
        int fault = context.decode(
                LittleEndian.get(bytes, 0, Long.BYTES),
                LittleEndian.get(bytes, Long.BYTES, Long.BYTES),
                walkers.parameters());
        if (fault != ContextEntry.FINE) {
            fail(fault);
            return;
        }
        if (!isStale) {
            walkers.contexts().insert(context);
        }
        chooseTable();
    }

    /// The context is known: answers those that need no table, and begins with the lowest table that is known.
    private void chooseTable() {
        Translation waiting = takeAll();
        while (waiting != null) {
            Translation translation = waiting;
            waiting = translation.next;
            if (walkers.settle(translation, context)) {
                translation.done();
            } else {
                join(translation);
            }
        }
        if (first == null) {
            end();
            return;
        }
        int known = walkers.walkCaches().find(context.domain, iova, context.levels);
        if (known == WalkCaches.NONE) {
            allowed = Mapping.READ | Mapping.WRITE;
            readTable(context.table, context.levels);
        } else {
            long found = walkers.walkCaches().found();
            allowed = found & (Mapping.READ | Mapping.WRITE);
            readTable(found & RemappingTables.PAGE_ADDRESS.mask(), known - 1);
        }
    }

    private void readTable(long table, int atLevel) {
        level = atLevel;
        read(
                table + pageOffset(iova, level),
                RemappingTables.PAGE_ENTRY_BYTES,
                Step.TABLE,
                FaultReason.TABLE_UNREACHABLE);
    }

    private void tableRead() {
        long entry = LittleEndian.get(bytes, 0, Long.BYTES);
        long entryAllows = entry & (Mapping.READ | Mapping.WRITE);
        if (entryAllows == 0) {
            answer(0);
            return;
        }
        boolean isPage = walkers.pageFormat().isPage(entry, level);
        if (walkers.pageFormat().hasReserved(entry, level)) {
            fail(FaultReason.TABLE_RESERVED);
            return;
        }
        allowed &= entryAllows;
        long address = entry & RemappingTables.PAGE_ADDRESS.mask();
        if (isPage) {
            long snoop = RemappingTables.PAGE_SNOOP.isSet(entry) ? Mapping.SNOOP : 0;
            answer(Mapping.of(address, RemappingTables.levelShift(level), allowed | snoop));
        } else {
            if (!isStale) {
                walkers.walkCaches().insert(context.domain, iova, level, address | allowed);
            }
            readTable(address, level - 1);
        }
    }

    /// The tables say `mapping`; one that allows nothing is not kept, as CAP.CM is 0.
    private void answer(long mapping) {
        if (!isStale && (mapping & (Mapping.READ | Mapping.WRITE)) != 0) {
            walkers.iotlb().insert(context.domain, iova, level, mapping);
            walkers.translationsChanged();
        }
        Translation waiting = takeAll();
        while (waiting != null) {
            Translation translation = waiting;
            waiting = translation.next;
            walkers.answer(translation, mapping, context);
            translation.done();
        }
        end();
    }

    private void fail(int reason) {
        Translation waiting = takeAll();
        while (waiting != null) {
            Translation translation = waiting;
            waiting = translation.next;
            walkers.refuse(translation, reason, context.recordsFaults);
            translation.done();
        }
        end();
    }

    private @Nullable Translation takeAll() {
        Translation all = first;
        first = null;
        last = null;
        return all;
    }

    private void read(long address, int byteCount, Step then, int faultIfNoMemory) {
        if (!walkers.memory().holds(address, byteCount)) {
            fail(faultIfNoMemory);
            return;
        }
        walkers.statistics().memoryReads++;
        step = then;
        in(walkers.memory()
                .read(address, bytes, 0, byteCount, walkers.parameters().coherentWalks()));
    }

    private void end() {
        boolean wasStale = isStale;
        step = Step.IDLE;
        isStale = false;
        if (walkers.trace().isOn()) {
            walkers.trace().end(walkers.nowPicos(), track);
        }
        walkers.ended(startPicos, wasStale);
    }

    /// What it does, for somebody who wonders why nothing happens.
    String describe() {
        return "%s looks up 0x%x of %04x: %s".formatted(name, iova, requesterId, step);
    }
}
