package flyby.zoo.engine;

import flyby.base.Check;

/// What an engine is built with: how fast it is, and how difficult.
public final class EngineOptions {
    /// An easy one: 100 ns to an access, 200 ns to its data, 64 bits of address, lengths of 16 bits.
    public static final EngineOptions PLAIN = new EngineOptions();

    private long accessPicos = 100_000;
    private long operationPicos = 200_000;
    private int addressBits = 64;
    private int counterBits = 16;
    private int addressAlignment = 1;
    private int prefetchCount = 1;
    private long splitFetchPicos;
    private long splitReportPicos;
    private long restatePicos;
    private boolean checksMagic;
    private long pollPicos = 500_000;
    private long drainPicos;
    private boolean isShort;
    private long latePicos;
    private long coalescePicos;
    private boolean interruptsByEvent;
    private long restlessPicos;
    private long rewritePicos;

    private EngineOptions() {}

    private EngineOptions(EngineOptions from) {
        accessPicos = from.accessPicos;
        operationPicos = from.operationPicos;
        addressBits = from.addressBits;
        counterBits = from.counterBits;
        addressAlignment = from.addressAlignment;
        prefetchCount = from.prefetchCount;
        splitFetchPicos = from.splitFetchPicos;
        splitReportPicos = from.splitReportPicos;
        restatePicos = from.restatePicos;
        checksMagic = from.checksMagic;
        pollPicos = from.pollPicos;
        drainPicos = from.drainPicos;
        isShort = from.isShort;
        latePicos = from.latePicos;
        coalescePicos = from.coalescePicos;
        interruptsByEvent = from.interruptsByEvent;
        restlessPicos = from.restlessPicos;
        rewritePicos = from.rewritePicos;
    }

    public EngineOptions withLatency(long accessPicos, long operationPicos) {
        EngineOptions changed = new EngineOptions(this);
        changed.accessPicos = accessPicos;
        changed.operationPicos = operationPicos;
        return changed;
    }

    public EngineOptions withAddressBits(int addressBits) {
        Check.that(addressBits >= 1 && addressBits <= 64, "addresses of %d bits", addressBits);
        EngineOptions changed = new EngineOptions(this);
        changed.addressBits = addressBits;
        return changed;
    }

    public EngineOptions withCounterBits(int counterBits) {
        Check.that(counterBits >= 1 && counterBits <= 24, "lengths of %d bits", counterBits);
        EngineOptions changed = new EngineOptions(this);
        changed.counterBits = counterBits;
        return changed;
    }

    public EngineOptions withAddressAlignment(int addressAlignment) {
        Check.that(Integer.bitCount(addressAlignment) == 1, "buffers aligned to %d bytes", addressAlignment);
        EngineOptions changed = new EngineOptions(this);
        changed.addressAlignment = addressAlignment;
        return changed;
    }

    public EngineOptions withPrefetch(int prefetchCount) {
        Check.that(prefetchCount >= 1 && prefetchCount <= 64, "%d descriptors at once", prefetchCount);
        EngineOptions changed = new EngineOptions(this);
        changed.prefetchCount = prefetchCount;
        return changed;
    }

    public EngineOptions withSplitFetch(long splitFetchPicos) {
        EngineOptions changed = new EngineOptions(this);
        changed.splitFetchPicos = splitFetchPicos;
        return changed;
    }

    public EngineOptions withSplitReport(long splitReportPicos) {
        EngineOptions changed = new EngineOptions(this);
        changed.splitReportPicos = splitReportPicos;
        return changed;
    }

    public EngineOptions withRestating(long restatePicos) {
        EngineOptions changed = new EngineOptions(this);
        changed.restatePicos = restatePicos;
        return changed;
    }

    public EngineOptions checkingMagic() {
        EngineOptions changed = new EngineOptions(this);
        changed.checksMagic = true;
        return changed;
    }

    public EngineOptions withPolling(long pollPicos) {
        Check.that(pollPicos > 0, "a look every %d ps", pollPicos);
        EngineOptions changed = new EngineOptions(this);
        changed.pollPicos = pollPicos;
        return changed;
    }

    public EngineOptions withSlowMemory(long drainPicos) {
        EngineOptions changed = new EngineOptions(this);
        changed.drainPicos = drainPicos;
        return changed;
    }

    public EngineOptions writingShort() {
        EngineOptions changed = new EngineOptions(this);
        changed.isShort = true;
        return changed;
    }

    public EngineOptions withLateStop(long latePicos) {
        EngineOptions changed = new EngineOptions(this);
        changed.latePicos = latePicos;
        return changed;
    }

    public EngineOptions withCoalescing(long coalescePicos) {
        EngineOptions changed = new EngineOptions(this);
        changed.coalescePicos = coalescePicos;
        return changed;
    }

    public EngineOptions interruptingByEvent() {
        EngineOptions changed = new EngineOptions(this);
        changed.interruptsByEvent = true;
        return changed;
    }

    public EngineOptions interruptingFromPowerOn(long restlessPicos) {
        EngineOptions changed = new EngineOptions(this);
        changed.restlessPicos = restlessPicos;
        return changed;
    }

    public EngineOptions rewritingLater(long rewritePicos) {
        EngineOptions changed = new EngineOptions(this);
        changed.rewritePicos = rewritePicos;
        return changed;
    }

    /// Before each access to the host's memory.
    public long accessPicos() {
        return accessPicos;
    }

    /// From a descriptor or a command to its data.
    public long operationPicos() {
        return operationPicos;
    }

    /// How many bits an address has; the others are dropped, as on hardware that lacks the wires.
    public int addressBits() {
        return addressBits;
    }

    /// How many bits a length has, 1 to 24; the others are dropped.
    public int counterBits() {
        return counterBits;
    }

    /// What buffers are aligned to, a power of two in bytes; the bits below are dropped.
    public int addressAlignment() {
        return addressAlignment;
    }

    /// How many descriptors are read at once, also where the ring has no more; 1 to 64.
    public int prefetchCount() {
        return prefetchCount;
    }

    /// Between the two reads that fetch a descriptor: address, length and id, then the control word; 0: one read.
    public long splitFetchPicos() {
        return splitFetchPicos;
    }

    /// Between the two writes that say that something is done: what there is to say, then the control word or the
    /// phase; 0: one write.
    public long splitReportPicos() {
        return splitReportPicos;
    }

    /// Until a control word that says DONE is written again, with FINAL; 0: never.
    public long restatePicos() {
        return restatePicos;
    }

    /// Whether the low half of a control word must hold what it should.
    public boolean checksMagic() {
        return checksMagic;
    }

    /// Between two looks at the ring, if it polls.
    public long pollPicos() {
        return pollPicos;
    }

    /// How long each write to its memory takes; operations do not wait for them. 0: it is there at once.
    public long drainPicos() {
        return drainPicos;
    }

    /// Whether it writes less than it has room for.
    public boolean isShort() {
        return isShort;
    }

    /// By how much what is begun is later if it is told to stop.
    public long latePicos() {
        return latePicos;
    }

    /// From an event to the interrupt.
    public long coalescePicos() {
        return coalescePicos;
    }

    /// Whether an event that comes while it is masked raises no interrupt later either.
    public boolean interruptsByEvent() {
        return interruptsByEvent;
    }

    /// Between two interrupts from power-on until software writes CONTROL, as if it had been left in the middle of
    /// its work; 0: none.
    public long restlessPicos() {
        return restlessPicos;
    }

    /// From when a buffer was written until its first word is changed, on machines whose devices mean harm; 0: never.
    public long rewritePicos() {
        return rewritePicos;
    }
}
