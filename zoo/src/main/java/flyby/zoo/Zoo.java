package flyby.zoo;

import flyby.topology.Card;
import flyby.trial.Bench;
import flyby.trial.Scene;
import flyby.trial.Subject;
import flyby.zoo.a.A1UncheckedMapping;
import flyby.zoo.a.A2ZeroMeansFailure;
import flyby.zoo.a.A3ListFailureBelowZero;
import flyby.zoo.a.A4UnmapMergedCount;
import flyby.zoo.a.A6OtherFamily;
import flyby.zoo.a.A7OtherDevice;
import flyby.zoo.a.A8PhysicalAddress;
import flyby.zoo.a.A9StackMapped;
import flyby.zoo.a.A11FreeCoherentWhileAtomic;
import flyby.zoo.b.B1WriteAfterMap;
import flyby.zoo.b.B2NoSyncBeforeRead;
import flyby.zoo.b.B3InvalidateBeforeOnly;
import flyby.zoo.b.B4DirtyLinesHandedOver;
import flyby.zoo.b.B5PolledStreamingRing;
import flyby.zoo.b.B7BouncedScanout;
import flyby.zoo.b.B9ShortWriteDelivered;
import flyby.zoo.b.B10SyncOtherDirection;
import flyby.zoo.c.C1NoReadBarrier;
import flyby.zoo.c.C3OwnBeforeBody;
import flyby.zoo.c.C4RelaxedDoorbell;
import flyby.zoo.c.C6PostedStop;
import flyby.zoo.c.C7CombinedRegisters;
import flyby.zoo.c.C9LoadedTwice;
import flyby.zoo.c.C11OvertakenWrites;
import flyby.zoo.d.D1FirstDescriptorTooEarly;
import flyby.zoo.d.D2NoRingFullCheck;
import flyby.zoo.d.D3CompletionsNotCleared;
import flyby.zoo.d.D5WrongModulus;
import flyby.zoo.d.D6PrefetchPastTheRing;
import flyby.zoo.d.D7StaleOwnershipAtRestart;
import flyby.zoo.d.D8ByteOrder;
import flyby.zoo.d.D10BufferPostedTwice;
import flyby.zoo.d.D11RewrittenWhileFetched;
import flyby.zoo.e.E1UnmapBeforeStop;
import flyby.zoo.e.E2LeakOnTimeout;
import flyby.zoo.e.E3DoubleUnmap;
import flyby.zoo.e.E5FreeWhileMapped;
import flyby.zoo.e.E8LoopsDisagree;
import flyby.zoo.f.F1UnmapSize;
import flyby.zoo.f.F2UnmapDirection;
import flyby.zoo.f.F3OppositeDirection;
import flyby.zoo.f.F4LengthBeyondBuffer;
import flyby.zoo.f.F5AddressTruncated;
import flyby.zoo.f.F6MaskTooWide;
import flyby.zoo.f.F8SegmentTooLong;
import flyby.zoo.f.F10UnmapOtherAddress;
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
import flyby.zoo.lookalikes.L1ReadByBoth;
import flyby.zoo.lookalikes.L2OnlyReadInBetween;
import flyby.zoo.lookalikes.L3ReadWhileSending;
import flyby.zoo.lookalikes.L4PartSynced;
import flyby.zoo.lookalikes.L5PagePool;
import flyby.zoo.lookalikes.L6OrderedDoorbell;
import flyby.zoo.lookalikes.L7NothingToDo;
import flyby.zoo.lookalikes.L8AddressZero;
import flyby.zoo.lookalikes.L9MergedList;
import flyby.zoo.lookalikes.L10SkippedAtUnmap;
import flyby.zoo.lookalikes.L11NeverShown;
import flyby.zoo.lookalikes.L12NoncoherentUnchecked;
import flyby.zoo.lookalikes.L13SharedLineKept;
import flyby.zoo.lookalikes.L14NotMine;
import flyby.zoo.lookalikes.L15RetriedMap;
import flyby.zoo.lookalikes.L16NeighboursInAPage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// All that are kept, and how to try them.
public final class Zoo {
    private static final String MARK = "// BUG";

    private Zoo() {}

    /// Makers of the specimens, in the order of the catalogue; each run has one made for it.
    public static List<Supplier<Specimen>> specimens() {
        return List.of(A1UncheckedMapping::new,
A2ZeroMeansFailure::new,
A3ListFailureBelowZero::new,
A4UnmapMergedCount::new,
A6OtherFamily::new,
A7OtherDevice::new,
A8PhysicalAddress::new,
A9StackMapped::new,
A11FreeCoherentWhileAtomic::new,
B1WriteAfterMap::new,
B2NoSyncBeforeRead::new,
B3InvalidateBeforeOnly::new,
B4DirtyLinesHandedOver::new,
B5PolledStreamingRing::new,
B7BouncedScanout::new,
B9ShortWriteDelivered::new,
B10SyncOtherDirection::new,
C1NoReadBarrier::new,
C3OwnBeforeBody::new,
C4RelaxedDoorbell::new,
C6PostedStop::new,
C7CombinedRegisters::new,
C9LoadedTwice::new,
C11OvertakenWrites::new,
D1FirstDescriptorTooEarly::new,
D2NoRingFullCheck::new,
D3CompletionsNotCleared::new,
D5WrongModulus::new,
D6PrefetchPastTheRing::new,
D7StaleOwnershipAtRestart::new,
D8ByteOrder::new,
D10BufferPostedTwice::new,
D11RewrittenWhileFetched::new,
E1UnmapBeforeStop::new,
E2LeakOnTimeout::new,
E3DoubleUnmap::new,
E5FreeWhileMapped::new,
E8LoopsDisagree::new,
F1UnmapSize::new,
F2UnmapDirection::new,
F3OppositeDirection::new,
F4LengthBeyondBuffer::new,
F5AddressTruncated::new,
F6MaskTooWide::new,
F8SegmentTooLong::new,
F10UnmapOtherAddress::new,
G1EmbeddedBuffer::new,
G2RoundedInvalidate::new,
G4TwoMappingsInALine::new,
G6MisalignedRing::new,
H1SubPageExposure::new,
H2StaleTranslation::new,
H3DoubleFetch::new,
H4UncheckedId::new,
H5UncheckedLength::new,
H8PointerInTheBuffer::new,
I1FreedBeforeStopped::new,
I2StateFreedUnderHandler::new,
I3BusMasterWithStaleAddresses::new,
I4RingRewrittenWhileRunning::new,
I5AllOnesTakenAsData::new,
J1AcknowledgedAfterProcessing::new,
J2ClearedByReadModifyWrite::new,
J3NoFinalCheck::new,
J6InterruptBeforeReady::new,
K1PartialMapFailure::new,
K2ProbeErrorLeaks::new,
K5TransmitContract::new,
K6UncheckedAllocation::new);
    }

    /// Makers of the look-alikes, by their number.
    public static List<Supplier<Lookalike>> lookalikes() {
        return List.of(L1ReadByBoth::new,
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

    /// The driver with the bug, for a trial.
    public static Subject buggy(Specimen specimen) {
        return new Twin(specimen, false);
    }

    /// The driver without.
    public static Subject fixed(Specimen specimen) {
        return new Twin(specimen, true);
    }

    /// The look-alike, for a trial.
    public static Subject subject(Lookalike lookalike) {
        return new Alike(lookalike);
    }

    /// The lines of `specimen`'s source, counted from 1, that a good report names.
    public static List<Integer> bugLines(Specimen specimen) {
        List<Integer> lines = new ArrayList<>();
        List<String> source = source(specimen);
        for (int i = 0; i < source.size(); i++) {
            if (source.get(i).contains(MARK)) {
                lines.add(i + 1);
            }
        }
        return lines;
    }

    /// Where `specimen`'s source lies below a source folder, as reports say it.
    public static String file(Specimen specimen) {
        return specimen.getClass().getName().replace('.', '/') + ".java";
    }

    /// The lines of `specimen`'s source.
    public static List<String> source(Specimen specimen) {
        String name = specimen.getClass().getSimpleName() + ".java";
        try (InputStream in = specimen.getClass().getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the source of " + name + " is not packed with it");
            }
            BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            return reader.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Twin(Specimen specimen, boolean isFixed) implements Subject {
        @Override
        public String name() {
            return specimen.label().id() + (isFixed ? " fixed" : " buggy");
        }

        @Override
        public List<Card> cards(Scene scene) {
            return specimen.cards(scene);
        }

        @Override
        public void run(Bench bench) {
            if (isFixed) {
                specimen.fixed(bench);
            } else {
                specimen.buggy(bench);
            }
        }

        @Override
        public Set<Hazard> hazards() {
            return specimen.hazards();
        }
    }

    private record Alike(Lookalike lookalike) implements Subject {
        @Override
        public String name() {
            return "look-alike " + lookalike.number();
        }

        @Override
        public List<Card> cards(Scene scene) {
            return lookalike.cards(scene);
        }

        @Override
        public void run(Bench bench) {
            lookalike.run(bench);
        }

        @Override
        public Set<Hazard> hazards() {
            return lookalike.hazards();
        }
    }
}
