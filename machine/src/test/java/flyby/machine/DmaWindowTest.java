package flyby.machine;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import flyby.choice.Property;
import flyby.dma.CoherentBuffer;
import flyby.dma.Direction;
import flyby.iommu.Iommu;
import flyby.iommu.layout.RemappingRegisters;
import flyby.iommu.layout.RemappingTables;
import flyby.machine.DmaSequence.Breach;
import flyby.machine.DmaSequence.Buffer;
import flyby.machine.DmaSequence.Mapping;
import flyby.machine.DmaSequencesTest.Rig;
import flyby.topology.MachineDescription;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Under strict invalidation, a device reaches a page while a mapping covers it, the way that the mapping says, and at
/// no other time: in the tables as they lie in memory, and as the device finds it.
final class DmaWindowTest {
    private static final int SEEDS = 8;
    private static final long PAGE = 4_096;
    private static final int READ = 1;
    private static final int WRITE = 2;

    /// What is mapped: by page, what the device may do.
    private static Map<Long, Integer> mapped(DmaSequence sequence, CoherentBuffer scratch) {
        Map<Long, Integer> pages = new TreeMap<>();
        add(pages, scratch.dmaAddress(), scratch.byteCount(), READ | WRITE);
        for (Buffer buffer : sequence.buffers()) {
            Mapping mapping = buffer.mapping;
            if (mapping != null) {
                Direction direction = mapping.direction();
                int allowed = (direction.isRead() ? READ : 0) | (direction.isWritten() ? WRITE : 0);
                mapping.segments().forEach(segment -> add(pages, segment[0], segment[2], allowed));
            }
        }
        return pages;
    }

    private static void add(Map<Long, Integer> pages, long address, long byteCount, int allowed) {
        for (long page = address & -PAGE; page < address + byteCount; page += PAGE) {
            pages.merge(page, allowed, (one, other) -> one | other);
        }
    }

    /// What the tables of the device say, by page; they are read as they lie in memory.
    private static final class Tables {
        private final PcieMachine machine;
        private final Map<Long, Integer> pages = new TreeMap<>();

        Tables(Rig rig) {
            machine = rig.machine();
            Iommu iommu = requireNonNull(machine.iommu());
            int function = rig.device().function().id();
            long root = iommu.readRegister(0, RemappingRegisters.RTADDR, Long.BYTES) & -PAGE;
            long contexts = load(root + RemappingTables.rootOffset(function)) & -PAGE;
            long entry = contexts + RemappingTables.contextOffset(function);
            int levels = 2 + (int) RemappingTables.CONTEXT_AW.of(load(entry + Long.BYTES));
            collect(load(entry) & -PAGE, levels, 0);
        }

        private void collect(long table, int level, long iova) {
            for (int i = 0; i < 512; i++) {
                long entry = load(table + 8L * i);
                long first = iova + ((long) i << (12 + 9 * (level - 1)));
                if ((entry & 3) == 0) {
                    continue;
                }
                assertThat(entry & 0x80).as("no page is large here").isZero();
                if (level == 1) {
                    pages.put(first, (int) entry & 3);
                } else {
                    collect(entry & 0x000f_ffff_ffff_f000L, level - 1, first);
                }
            }
        }

        private long load(long address) {
            long value = 0;
            for (int i = Long.BYTES - 1; i >= 0; i--) {
                value = (value << 8) | (machine.caches().peek(address + i) & 0xff);
            }
            return value;
        }
    }

    /// Looks after each step.
    private static final class Watch {
        private final CoherentBuffer scratch;
        private final TreeSet<Long> everSeen = new TreeSet<>();
        private int reached;
        private int refused;

        Watch(Rig rig) {
            scratch = requireNonNull(rig.dma().allocCoherent(PAGE));
        }

        void look(Rig rig, DmaSequence sequence) {
            Map<Long, Integer> expected = mapped(sequence, scratch);
            assertThat(new Tables(rig).pages).isEqualTo(expected);
            everSeen.addAll(expected.keySet());
            for (long page : everSeen) {
                boolean isReadable = (expected.getOrDefault(page, 0) & READ) != 0;
                assertThat(sequence.copies(page, scratch.dmaAddress() + PAGE / 2, 4))
                        .as("page 0x%x is read", page)
                        .isEqualTo(isReadable);
                reached += isReadable ? 1 : 0;
                refused += isReadable ? 0 : 1;
                if ((expected.getOrDefault(page, 0) & WRITE) == 0) {
                    // A write is not answered: what it must not change is looked at by the sequence, if it is a
                    // buffer's still.
                    sequence.copies(scratch.dmaAddress(), page, 4);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "server-gen3-bdw iommu.mode=strict",
                "server-gen3-bdw iommu.mode=strict dma.untrusted=true",
                "board-arm iommu.mode=strict"
            })
    void aDeviceReachesWhatIsMappedAndNothingElse(String kind) {
        MachineDescription description = DmaSequencesTest.machine(kind);
        int[] counts = new int[2];
        Property.check(
                SEEDS,
                choices -> DmaSequencesTest.run(description, rig -> {
                    Watch watch = new Watch(rig);
                    DmaSequencesTest.sequence(choices, rig, Breach.NONE, watch::look);
                    counts[0] += watch.reached;
                    counts[1] += watch.refused;
                }));
        assertThat(counts[0]).isPositive();
        assertThat(counts[1]).isPositive();
    }
}
