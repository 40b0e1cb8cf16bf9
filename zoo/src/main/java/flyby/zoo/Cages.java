package flyby.zoo;

import flyby.zoo.a.A11FreeCoherentWhileAtomic;
import flyby.zoo.a.A1UncheckedMapping;
import flyby.zoo.a.A2ZeroMeansFailure;
import flyby.zoo.a.A3ListFailureBelowZero;
import flyby.zoo.a.A4UnmapMergedCount;
import flyby.zoo.a.A6OtherFamily;
import flyby.zoo.a.A7OtherDevice;
import flyby.zoo.a.A8PhysicalAddress;
import flyby.zoo.a.A9StackMapped;
import flyby.zoo.b.B10SyncOtherDirection;
import flyby.zoo.b.B1WriteAfterMap;
import flyby.zoo.b.B2NoSyncBeforeRead;
import flyby.zoo.b.B3InvalidateBeforeOnly;
import flyby.zoo.b.B4DirtyLinesHandedOver;
import flyby.zoo.b.B5PolledStreamingRing;
import flyby.zoo.b.B7BouncedScanout;
import flyby.zoo.b.B9ShortWriteDelivered;
import flyby.zoo.c.C11OvertakenWrites;
import flyby.zoo.c.C1NoReadBarrier;
import flyby.zoo.c.C3OwnBeforeBody;
import flyby.zoo.c.C4RelaxedDoorbell;
import flyby.zoo.c.C6PostedStop;
import flyby.zoo.c.C7CombinedRegisters;
import flyby.zoo.c.C9LoadedTwice;
import flyby.zoo.d.D10BufferPostedTwice;
import flyby.zoo.d.D11RewrittenWhileFetched;
import flyby.zoo.d.D1FirstDescriptorTooEarly;
import flyby.zoo.d.D2NoRingFullCheck;
import flyby.zoo.d.D3CompletionsNotCleared;
import flyby.zoo.d.D5WrongModulus;
import flyby.zoo.d.D6PrefetchPastTheRing;
import flyby.zoo.d.D7StaleOwnershipAtRestart;
import flyby.zoo.d.D8ByteOrder;
import flyby.zoo.e.E1UnmapBeforeStop;
import flyby.zoo.e.E2LeakOnTimeout;
import flyby.zoo.e.E3DoubleUnmap;
import flyby.zoo.e.E5FreeWhileMapped;
import flyby.zoo.e.E8LoopsDisagree;
import flyby.zoo.f.F10UnmapOtherAddress;
import flyby.zoo.f.F1UnmapSize;
import flyby.zoo.f.F2UnmapDirection;
import flyby.zoo.f.F3OppositeDirection;
import flyby.zoo.f.F4LengthBeyondBuffer;
import flyby.zoo.f.F5AddressTruncated;
import flyby.zoo.f.F6MaskTooWide;
import flyby.zoo.f.F8SegmentTooLong;
import flyby.zoo.g.G1EmbeddedBuffer;
import flyby.zoo.g.G2RoundedInvalidate;
import flyby.zoo.g.G4TwoMappingsInALine;
import flyby.zoo.g.G6MisalignedRing;
import flyby.zoo.h.H1SubPageExposure;
import flyby.zoo.h.H2StaleTranslation;
import flyby.zoo.h.H3DoubleFetch;
import flyby.zoo.h.H4UncheckedId;
import flyby.zoo.h.H5UncheckedLength;
import flyby.zoo.h.H8PointerInTheBuffer;
import flyby.zoo.i.I1FreedBeforeStopped;
import flyby.zoo.i.I2StateFreedUnderHandler;
import flyby.zoo.i.I3BusMasterWithStaleAddresses;
import flyby.zoo.i.I4RingRewrittenWhileRunning;
import flyby.zoo.i.I5AllOnesTakenAsData;
import flyby.zoo.j.J1AcknowledgedAfterProcessing;
import flyby.zoo.j.J2ClearedByReadModifyWrite;
import flyby.zoo.j.J3NoFinalCheck;
import flyby.zoo.j.J6InterruptBeforeReady;
import flyby.zoo.k.K1PartialMapFailure;
import flyby.zoo.k.K2ProbeErrorLeaks;
import flyby.zoo.k.K5TransmitContract;
import flyby.zoo.k.K6UncheckedAllocation;
import flyby.zoo.lookalikes.L10SkippedAtUnmap;
import flyby.zoo.lookalikes.L11NeverShown;
import flyby.zoo.lookalikes.L12NoncoherentUnchecked;
import flyby.zoo.lookalikes.L13SharedLineKept;
import flyby.zoo.lookalikes.L14NotMine;
import flyby.zoo.lookalikes.L15RetriedMap;
import flyby.zoo.lookalikes.L16NeighboursInAPage;
import flyby.zoo.lookalikes.L1ReadByBoth;
import flyby.zoo.lookalikes.L2OnlyReadInBetween;
import flyby.zoo.lookalikes.L3ReadWhileSending;
import flyby.zoo.lookalikes.L4PartSynced;
import flyby.zoo.lookalikes.L5PagePool;
import flyby.zoo.lookalikes.L6OrderedDoorbell;
import flyby.zoo.lookalikes.L7NothingToDo;
import flyby.zoo.lookalikes.L8AddressZero;
import flyby.zoo.lookalikes.L9MergedList;
import java.util.List;
import java.util.function.Supplier;

/// All that are kept, by groups of the catalogue, one line each.
final class Cages {
    private Cages() {}

    static List<Supplier<Specimen>> a() {
        return List.of(
                A1UncheckedMapping::new,
                A2ZeroMeansFailure::new,
                A3ListFailureBelowZero::new,
                A4UnmapMergedCount::new,
                A6OtherFamily::new,
                A7OtherDevice::new,
                A8PhysicalAddress::new,
                A9StackMapped::new,
                A11FreeCoherentWhileAtomic::new);
    }

    static List<Supplier<Specimen>> b() {
        return List.of(
                B1WriteAfterMap::new,
                B2NoSyncBeforeRead::new,
                B3InvalidateBeforeOnly::new,
                B4DirtyLinesHandedOver::new,
                B5PolledStreamingRing::new,
                B7BouncedScanout::new,
                B9ShortWriteDelivered::new,
                B10SyncOtherDirection::new);
    }

    static List<Supplier<Specimen>> c() {
        return List.of(
                C1NoReadBarrier::new,
                C3OwnBeforeBody::new,
                C4RelaxedDoorbell::new,
                C6PostedStop::new,
                C7CombinedRegisters::new,
                C9LoadedTwice::new,
                C11OvertakenWrites::new);
    }

    static List<Supplier<Specimen>> d() {
        return List.of(
                D1FirstDescriptorTooEarly::new,
                D2NoRingFullCheck::new,
                D3CompletionsNotCleared::new,
                D5WrongModulus::new,
                D6PrefetchPastTheRing::new,
                D7StaleOwnershipAtRestart::new,
                D8ByteOrder::new,
                D10BufferPostedTwice::new,
                D11RewrittenWhileFetched::new);
    }

    static List<Supplier<Specimen>> e() {
        return List.of(
                E1UnmapBeforeStop::new,
                E2LeakOnTimeout::new,
                E3DoubleUnmap::new,
                E5FreeWhileMapped::new,
                E8LoopsDisagree::new);
    }

    static List<Supplier<Specimen>> f() {
        return List.of(
                F1UnmapSize::new,
                F2UnmapDirection::new,
                F3OppositeDirection::new,
                F4LengthBeyondBuffer::new,
                F5AddressTruncated::new,
                F6MaskTooWide::new,
                F8SegmentTooLong::new,
                F10UnmapOtherAddress::new);
    }

    static List<Supplier<Specimen>> g() {
        return List.of(
                G1EmbeddedBuffer::new, G2RoundedInvalidate::new, G4TwoMappingsInALine::new, G6MisalignedRing::new);
    }

    static List<Supplier<Specimen>> h() {
        return List.of(
                H1SubPageExposure::new,
                H2StaleTranslation::new,
                H3DoubleFetch::new,
                H4UncheckedId::new,
                H5UncheckedLength::new,
                H8PointerInTheBuffer::new);
    }

    static List<Supplier<Specimen>> i() {
        return List.of(
                I1FreedBeforeStopped::new,
                I2StateFreedUnderHandler::new,
                I3BusMasterWithStaleAddresses::new,
                I4RingRewrittenWhileRunning::new,
                I5AllOnesTakenAsData::new);
    }

    static List<Supplier<Specimen>> j() {
        return List.of(
                J1AcknowledgedAfterProcessing::new,
                J2ClearedByReadModifyWrite::new,
                J3NoFinalCheck::new,
                J6InterruptBeforeReady::new);
    }

    static List<Supplier<Specimen>> k() {
        return List.of(
                K1PartialMapFailure::new, K2ProbeErrorLeaks::new, K5TransmitContract::new, K6UncheckedAllocation::new);
    }

    static List<Supplier<Lookalike>> lookalikes() {
        return List.of(
                L1ReadByBoth::new,
                L2OnlyReadInBetween::new,
                L3ReadWhileSending::new,
                L4PartSynced::new,
                L5PagePool::new,
                L6OrderedDoorbell::new,
                L7NothingToDo::new,
                L8AddressZero::new,
                L9MergedList::new,
                L10SkippedAtUnmap::new,
                L11NeverShown::new,
                L12NoncoherentUnchecked::new,
                L13SharedLineKept::new,
                L14NotMine::new,
                L15RetriedMap::new,
                L16NeighboursInAPage::new);
    }
}
