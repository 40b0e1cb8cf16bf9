package flyby.zoo.engine;

import flyby.base.Check;

/// What an engine is built with: how fast it is, and how difficult.
///
/// @param accessPicos before each access to the host's memory
/// @param operationPicos from a descriptor or a command to its data
/// @param addressBits that an address has; the others are dropped, as on hardware that lacks the wires
/// @param counterBits that a length has, 1 to 24; the others are dropped
/// @param addressAlignment of buffers, a power of two in bytes; the bits below are dropped
/// @param prefetchCount descriptors that are read at once, also where the ring has no more
/// @param splitFetchPicos between the two reads that fetch a descriptor: address, length and id, then the control
/// word; 0: it is one read
/// @param splitReportPicos between the two writes that say that something is done: what there is to say, then the
/// control word or the phase; 0: it is one write
/// @param restatePicos until a control word that says DONE is written again, with FINAL; 0: never
/// @param checksMagic whether the low half of a control word must hold what it should
/// @param pollPicos between two looks at the ring, if it polls
/// @param drainPicos that each write to its memory takes; operations do not wait for them. 0: it is there at once
/// @param isShort whether it writes less than it has room for
/// @param latePicos by how much what is begun is later if it is told to stop
/// @param coalescePicos from an event to the interrupt
/// @param interruptsByEvent whether an event that comes while it is masked raises no interrupt later either
public record EngineOptions(
        long accessPicos,
        long operationPicos,
        int addressBits,
        int counterBits,
        int addressAlignment,
        int prefetchCount,
        long splitFetchPicos,
        long splitReportPicos,
        long restatePicos,
        boolean checksMagic,
        long pollPicos,
        long drainPicos,
        boolean isShort,
        long latePicos,
        long coalescePicos,
        boolean interruptsByEvent) {
    /// An easy one: 100 ns to an access, 200 ns to its data, 64 bits of address, lengths of 16 bits.
    public static final EngineOptions PLAIN =
            new EngineOptions(100_000, 200_000, 64, 16, 1, 1, 0, 0, 0, false, 1_000_000, 0, false, 0, 0, false);

    public EngineOptions {
        Check.that(addressBits >= 1 && addressBits <= 64, "addresses of %d bits", addressBits);
        Check.that(counterBits >= 1 && counterBits <= 24, "lengths of %d bits", counterBits);
        Check.that(Integer.bitCount(addressAlignment) == 1, "buffers aligned to %d bytes", addressAlignment);
        Check.that(prefetchCount >= 1 && prefetchCount <= 64, "%d descriptors at once", prefetchCount);
        Check.that(pollPicos > 0, "a look every %d ps", pollPicos);
    }

    public EngineOptions withLatency(long accessPicos, long operationPicos) {
        return new EngineOptions(
                accessPicos,
                operationPicos,
                addressBits,
                counterBits,
                addressAlignment,
                prefetchCount,
                splitFetchPicos,
                splitReportPicos,
                restatePicos,
                checksMagic,
                pollPicos,
                drainPicos,
                isShort,
                latePicos,
                coalescePicos,
                interruptsByEvent);
    }

    public EngineOptions withAddressBits(int addressBits) {
        return new EngineOptions(
                accessPicos,
                operationPicos,
                addressBits,
                counterBits,
                addressAlignment,
                prefetchCount,
                splitFetchPicos,
                splitReportPicos,
                restatePicos,
                checksMagic,
                pollPicos,
                drainPicos,
                isShort,
                latePicos,
                coalescePicos,
                interruptsByEvent);
    }

    public EngineOptions withCounterBits(int counterBits) {
        return new EngineOptions(
                accessPicos,
                operationPicos,
                addressBits,
                counterBits,
                addressAlignment,
                prefetchCount,
                splitFetchPicos,
                splitReportPicos,
                restatePicos,
                checksMagic,
                pollPicos,
                drainPicos,
                isShort,
                latePicos,
                coalescePicos,
                interruptsByEvent);
    }

    public EngineOptions withAddressAlignment(int addressAlignment) {
        return new EngineOptions(
                accessPicos,
                operationPicos,
                addressBits,
                counterBits,
                addressAlignment,
                prefetchCount,
                splitFetchPicos,
                splitReportPicos,
                restatePicos,
                checksMagic,
                pollPicos,
                drainPicos,
                isShort,
                latePicos,
                coalescePicos,
                interruptsByEvent);
    }

    public EngineOptions withPrefetch(int prefetchCount) {
        return new EngineOptions(
                accessPicos,
                operationPicos,
                addressBits,
                counterBits,
                addressAlignment,
                prefetchCount,
                splitFetchPicos,
                splitReportPicos,
                restatePicos,
                checksMagic,
                pollPicos,
                drainPicos,
                isShort,
                latePicos,
                coalescePicos,
                interruptsByEvent);
    }

    public EngineOptions withSplitFetch(long splitFetchPicos) {
        return new EngineOptions(
                accessPicos,
                operationPicos,
                addressBits,
                counterBits,
                addressAlignment,
                prefetchCount,
                splitFetchPicos,
                splitReportPicos,
                restatePicos,
                checksMagic,
                pollPicos,
                drainPicos,
                isShort,
                latePicos,
                coalescePicos,
                interruptsByEvent);
    }

    public EngineOptions withSplitReport(long splitReportPicos) {
        return new EngineOptions(
                accessPicos,
                operationPicos,
                addressBits,
                counterBits,
                addressAlignment,
                prefetchCount,
                splitFetchPicos,
                splitReportPicos,
                restatePicos,
                checksMagic,
                pollPicos,
                drainPicos,
                isShort,
                latePicos,
                coalescePicos,
                interruptsByEvent);
    }

    public EngineOptions withRestating(long restatePicos) {
        return new EngineOptions(
                accessPicos,
                operationPicos,
                addressBits,
                counterBits,
                addressAlignment,
                prefetchCount,
                splitFetchPicos,
                splitReportPicos,
                restatePicos,
                checksMagic,
                pollPicos,
                drainPicos,
                isShort,
                latePicos,
                coalescePicos,
                interruptsByEvent);
    }

    public EngineOptions checkingMagic() {
        return new EngineOptions(
                accessPicos,
                operationPicos,
                addressBits,
                counterBits,
                addressAlignment,
                prefetchCount,
                splitFetchPicos,
                splitReportPicos,
                restatePicos,
                true,
                pollPicos,
                drainPicos,
                isShort,
                latePicos,
                coalescePicos,
                interruptsByEvent);
    }

    public EngineOptions withPolling(long pollPicos) {
        return new EngineOptions(
                accessPicos,
                operationPicos,
                addressBits,
                counterBits,
                addressAlignment,
                prefetchCount,
                splitFetchPicos,
                splitReportPicos,
                restatePicos,
                checksMagic,
                pollPicos,
                drainPicos,
                isShort,
                latePicos,
                coalescePicos,
                interruptsByEvent);
    }

    public EngineOptions withSlowMemory(long drainPicos) {
        return new EngineOptions(
                accessPicos,
                operationPicos,
                addressBits,
                counterBits,
                addressAlignment,
                prefetchCount,
                splitFetchPicos,
                splitReportPicos,
                restatePicos,
                checksMagic,
                pollPicos,
                drainPicos,
                isShort,
                latePicos,
                coalescePicos,
                interruptsByEvent);
    }

    public EngineOptions writingShort() {
        return new EngineOptions(
                accessPicos,
                operationPicos,
                addressBits,
                counterBits,
                addressAlignment,
                prefetchCount,
                splitFetchPicos,
                splitReportPicos,
                restatePicos,
                checksMagic,
                pollPicos,
                drainPicos,
                true,
                latePicos,
                coalescePicos,
                interruptsByEvent);
    }

    public EngineOptions withLateStop(long latePicos) {
        return new EngineOptions(
                accessPicos,
                operationPicos,
                addressBits,
                counterBits,
                addressAlignment,
                prefetchCount,
                splitFetchPicos,
                splitReportPicos,
                restatePicos,
                checksMagic,
                pollPicos,
                drainPicos,
                isShort,
                latePicos,
                coalescePicos,
                interruptsByEvent);
    }

    public EngineOptions withCoalescing(long coalescePicos) {
        return new EngineOptions(
                accessPicos,
                operationPicos,
                addressBits,
                counterBits,
                addressAlignment,
                prefetchCount,
                splitFetchPicos,
                splitReportPicos,
                restatePicos,
                checksMagic,
                pollPicos,
                drainPicos,
                isShort,
                latePicos,
                coalescePicos,
                interruptsByEvent);
    }

    public EngineOptions interruptingByEvent() {
        return new EngineOptions(
                accessPicos,
                operationPicos,
                addressBits,
                counterBits,
                addressAlignment,
                prefetchCount,
                splitFetchPicos,
                splitReportPicos,
                restatePicos,
                checksMagic,
                pollPicos,
                drainPicos,
                isShort,
                latePicos,
                coalescePicos,
                true);
    }
}
