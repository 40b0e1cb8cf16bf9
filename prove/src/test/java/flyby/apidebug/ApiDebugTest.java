package flyby.apidebug;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import flyby.apidebug.ApiDebug.Overlaps;
import flyby.dma.Attributes;
import flyby.dma.CoherentBuffer;
import flyby.dma.Direction;
import flyby.dma.Dma;
import flyby.dma.DmaFaults;
import flyby.dma.Scatterlist;
import flyby.kernel.KernelMemory;
import flyby.kernel.KernelMemory.Zone;
import flyby.machine.KernelSetup;
import flyby.machine.MachineLibrary;
import flyby.machine.PcieMachine;
import flyby.pci.PciDevice;
import flyby.pci.PciDriver;
import flyby.sim.Simulation;
import flyby.topology.MachineDescription;
import flyby.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Each check, on calls of the real API; and what the checks cannot see.
final class ApiDebugTest {
    private static final int PAGE = KernelMemory.PAGE_BYTES;
    private static final int LINE = 64;

    private record Rig(PciDevice pci, Dma dma, KernelMemory memory) {
        long page() {
            return memory.allocatePages(0, Zone.NORMAL, "buffer");
        }

        long map(long address, long byteCount, Direction direction) {
            long mapped = dma.mapSingle(address, byteCount, direction);
            assertThat(dma.mappingError(mapped)).isZero();
            return mapped;
        }
    }

    private static MachineDescription machine(String iommuMode) {
        return MachineLibrary.modern("server-gen3-bdw", List.of()).with("iommu.mode", iommuMode);
    }

    private static ApiDebug debug(MachineDescription description, Consumer<Rig> program) {
        Simulation simulation = new Simulation(1, Trace.off());
        PcieMachine machine = new PcieMachine(simulation, description);
        List<ApiDebug> made = new ArrayList<>();
        machine.cpu().run(cpu -> {
            KernelSetup setup = new KernelSetup(machine, cpu);
            PciDevice pci = setup.pci(machine.devices().values().iterator().next());
            KernelMemory memory = setup.kernel().memory();
            made.add(new ApiDebug(memory, LINE));
            pci.dma().setMaskAndCoherent(Dma.bitMask(64));
            pci.dma().observe(made.getFirst());
            program.accept(new Rig(pci, pci.dma(), memory));
            simulation.stop();
        });
        simulation.run();
        return made.getFirst();
    }

    private static List<ApiCheck> checks(String iommuMode, Overlaps overlaps, Consumer<Rig> program) {
        return debug(machine(iommuMode), program).complaints(overlaps).stream()
                .map(Complaint::check)
                .toList();
    }

    private static List<ApiCheck> checks(Consumer<Rig> program) {
        return checks("off", Overlaps.CHECKED, program);
    }

    private static Scatterlist list(Rig rig, int count, int byteCount) {
        long pages = rig.memory().allocatePages(6, Zone.NORMAL, "list");
        Scatterlist list = new Scatterlist(count);
        for (int i = 0; i < count; i++) {
            list.set(i, pages + (long) i * byteCount, byteCount);
        }
        return list;
    }

    @Test
    void nothingIsSaidOfADriverThatIsRight() {
        assertThat(checks(rig -> {
                    long buffer = rig.page();
                    long mapped = rig.map(buffer, PAGE, Direction.FROM_DEVICE);
                    rig.dma().syncSingleForCpu(mapped + 128, 64, Direction.FROM_DEVICE);
                    rig.dma().syncSingleForDevice(mapped, PAGE, Direction.FROM_DEVICE);
                    rig.dma().unmapSingle(mapped, PAGE, Direction.FROM_DEVICE);
                    CoherentBuffer ring = requireNonNull(rig.dma().allocCoherent(PAGE));
                    rig.dma().freeCoherent(PAGE, ring.cpuAddress(), ring.dmaAddress());
                    CoherentBuffer own = requireNonNull(rig.dma().allocNoncoherent(PAGE, Direction.FROM_DEVICE));
                    rig.dma().freeNoncoherent(PAGE, own.cpuAddress(), own.dmaAddress(), Direction.FROM_DEVICE);
                    Scatterlist list = list(rig, 3, PAGE);
                    assertThat(rig.dma().mapSg(list, 3, Direction.TO_DEVICE, Attributes.NONE))
                            .isEqualTo(3);
                    rig.dma().syncSgForDevice(list, 3, Direction.TO_DEVICE);
                    rig.dma().unmapSg(list, 3, Direction.TO_DEVICE, Attributes.NONE);
                    rig.dma().driverLeft();
                }))
                .isEmpty();
    }

    @Test
    void check1AnErrorIsUnmapped() {
        assertThat(checks(rig -> {
                    rig.dma().faults().fail(DmaFaults.Point.MAP, 1);
                    long failed = rig.dma().mapSingle(rig.page(), PAGE, Direction.TO_DEVICE);
                    rig.dma().unmapSingle(failed, PAGE, Direction.TO_DEVICE);
                }))
                .containsExactly(ApiCheck.INVALID_ADDRESS);
    }

    @Test
    void check2WhatIsUnmappedTwice() {
        assertThat(checks(rig -> {
                    long mapped = rig.map(rig.page(), PAGE, Direction.TO_DEVICE);
                    rig.dma().unmapSingle(mapped, PAGE, Direction.TO_DEVICE);
                    rig.dma().unmapSingle(mapped, PAGE, Direction.TO_DEVICE);
                }))
                .containsExactly(ApiCheck.NOT_ALLOCATED);
    }

    @Test
    void check2ADoubleUnmapTakesTheNewcomerAway() {
        assertThat(checks(rig -> {
                    long page = rig.page();
                    long mapped = rig.map(page, PAGE, Direction.TO_DEVICE);
                    rig.dma().unmapSingle(mapped, PAGE, Direction.TO_DEVICE);
                    long again = rig.map(page, PAGE, Direction.TO_DEVICE);
                    assertThat(again).isEqualTo(mapped);
                    rig.dma().unmapSingle(mapped, PAGE, Direction.TO_DEVICE);
                    rig.dma().driverLeft();
                }))
                .as("the second unmap of the first mapping is not seen, nor that the second mapping lives")
                .isEmpty();
    }

    @Test
    void check2OfSeveralMappingsWithoutAPerfectFitNoneIsFound() {
        assertThat(checks(rig -> {
                    long page = rig.page();
                    rig.map(page, 256, Direction.TO_DEVICE);
                    long mapped = rig.map(page, 512, Direction.TO_DEVICE);
                    rig.dma().unmapSingle(mapped, 1024, Direction.TO_DEVICE);
                    rig.dma().unmapSingle(mapped, 512, Direction.TO_DEVICE);
                    rig.dma().unmapSingle(mapped, 256, Direction.TO_DEVICE);
                }))
                .containsExactly(ApiCheck.NOT_ALLOCATED);
    }

    @Test
    void check3SizeAnd7Direction() {
        assertThat(checks(rig -> {
                    long mapped = rig.map(rig.page(), PAGE, Direction.TO_DEVICE);
                    rig.dma().unmapSingle(mapped, 100, Direction.FROM_DEVICE);
                }))
                .containsExactly(ApiCheck.SIZE, ApiCheck.DIRECTION);
    }

    @Test
    void check4TheWrongFunction() {
        assertThat(checks(rig -> {
                    CoherentBuffer ring = requireNonNull(rig.dma().allocCoherent(PAGE));
                    rig.dma().unmapSingle(ring.dmaAddress(), PAGE, Direction.BIDIRECTIONAL);
                }))
                .containsExactly(ApiCheck.FUNCTION);
    }

    @Test
    void check5AnotherCpuAddress() {
        assertThat(checks(rig -> {
                    CoherentBuffer ring = requireNonNull(rig.dma().allocCoherent(2 * PAGE));
                    rig.dma().freeCoherent(2 * PAGE, ring.cpuAddress() + 64, ring.dmaAddress());
                }))
                .containsExactly(ApiCheck.CPU_ADDRESS);
    }

    @Test
    void check6TheCountThatTheMapReturned() {
        Consumer<Rig> driver = rig -> {
            Scatterlist list = list(rig, 3, PAGE);
            int mapped = rig.dma().mapSg(list, 3, Direction.TO_DEVICE, Attributes.NONE);
            rig.dma().unmapSg(list, mapped, Direction.TO_DEVICE, Attributes.NONE);
        };

        assertThat(checks("off", Overlaps.CHECKED, driver)).as("nothing merges").isEmpty();
        assertThat(checks("strict", Overlaps.CHECKED, driver)).containsExactly(ApiCheck.ENTRY_COUNT);
    }

    @Test
    void check8IsMadeAtTheUnmapOnly() {
        assertThat(checks(rig -> {
                    long mapped = rig.dma().mapSingle(rig.page(), PAGE, Direction.TO_DEVICE);
                    assertThat(mapped).isNotEqualTo(Dma.MAPPING_ERROR);
                }))
                .isEmpty();
        assertThat(checks(rig -> {
                    long mapped = rig.dma().mapSingle(rig.page(), PAGE, Direction.TO_DEVICE);
                    rig.dma().unmapSingle(mapped, PAGE, Direction.TO_DEVICE);
                }))
                .containsExactly(ApiCheck.MAP_ERROR);
    }

    @Test
    void check9AttributesThatMatter() {
        assertThat(checks(rig -> {
                    long page = rig.page();
                    long mapped = rig.dma().mapSingle(page, PAGE, Direction.TO_DEVICE, Attributes.SKIP_CPU_SYNC);
                    rig.dma().mappingError(mapped);
                    rig.dma().unmapSingle(mapped, PAGE, Direction.TO_DEVICE, Attributes.NO_WARN);
                }))
                .as("hints and SKIP_CPU_SYNC may differ")
                .isEmpty();
        assertThat(checks(rig -> {
                    long page = rig.page();
                    long mapped = rig.dma().mapSingle(page, PAGE, Direction.TO_DEVICE, Attributes.PRIVILEGED);
                    rig.dma().mappingError(mapped);
                    rig.dma().unmapSingle(mapped, PAGE, Direction.TO_DEVICE);
                }))
                .containsExactly(ApiCheck.ATTRIBUTES);
    }

    @Test
    void check10ASyncThatLiesInNoMapping() {
        assertThat(checks(rig -> {
                    long mapped = rig.map(rig.page(), 512, Direction.FROM_DEVICE);
                    rig.dma().syncSingleForCpu(mapped + 256, 256, Direction.FROM_DEVICE);
                    // Too long a sync is one of memory that was never mapped.
                    rig.dma().syncSingleForCpu(mapped + 256, 257, Direction.FROM_DEVICE);
                }))
                .containsExactly(ApiCheck.SYNC_NOT_ALLOCATED);
    }

    @Test
    void check10FindsAMappingFromFarWithinIt() {
        assertThat(checks(rig -> {
                    long pages = rig.memory().allocatePages(8, Zone.NORMAL, "long");
                    long mapped = rig.map(pages, 1 << 20, Direction.FROM_DEVICE);
                    rig.dma().syncSingleForCpu(mapped + 1_000_000, 64, Direction.FROM_DEVICE);
                }))
                .isEmpty();
    }

    @Test
    void checks11And12Directions() {
        assertThat(checks(rig -> {
                    long mapped = rig.map(rig.page(), PAGE, Direction.FROM_DEVICE);
                    rig.dma().syncSingleForCpu(mapped, PAGE, Direction.TO_DEVICE);
                    rig.dma().syncSingleForDevice(mapped, PAGE, Direction.BIDIRECTIONAL);
                }))
                .containsExactly(ApiCheck.SYNC_DIRECTION, ApiCheck.SYNC_DIRECTION, ApiCheck.SYNC_PHASE);
        assertThat(checks(rig -> {
                    long mapped = rig.map(rig.page(), PAGE, Direction.BIDIRECTIONAL);
                    rig.dma().syncSingleForCpu(mapped, PAGE, Direction.TO_DEVICE);
                    rig.dma().syncSingleForDevice(mapped, PAGE, Direction.FROM_DEVICE);
                }))
                .as("a mapping in both directions is not looked at")
                .isEmpty();
    }

    @Test
    void check13TheCountOfASync() {
        assertThat(checks(rig -> {
                    Scatterlist list = list(rig, 3, PAGE);
                    rig.dma().mapSg(list, 3, Direction.FROM_DEVICE, Attributes.NONE);
                    rig.dma().syncSgForCpu(list, 2, Direction.FROM_DEVICE);
                }))
                .containsExactly(ApiCheck.SYNC_ENTRY_COUNT, ApiCheck.SYNC_ENTRY_COUNT);
    }

    @Test
    void checks14To17WhereMemoryIsFrom() {
        assertThat(checks(rig -> {
                    rig.dma().mapPage(rig.memory().stack(256, "stack"), 0, 64, Direction.TO_DEVICE, 0);
                    rig.dma().mapSingle(rig.memory().image(256, "table"), 64, Direction.TO_DEVICE);
                    rig.dma().mapSingle(rig.memory().end() + PAGE, 64, Direction.TO_DEVICE);
                }))
                .containsExactly(ApiCheck.STACK, ApiCheck.IMAGE, ApiCheck.INVALID_AREA);
        assertThat(checks(rig -> {
                    rig.dma().mapSingle(rig.memory().vmalloc(256, "firmware"), 64, Direction.TO_DEVICE);
                    rig.dma().mapSingle(rig.memory().stack(256, "stack"), 64, Direction.TO_DEVICE);
                }))
                .as("dma_map_single refuses what is vmalloc's before this is asked")
                .isEmpty();
    }

    @Test
    void check18MemoryAsAResource() {
        assertThat(checks(rig -> {
                    long mapped = rig.dma().mapResource(rig.page(), 64, Direction.TO_DEVICE, Attributes.NONE);
                    rig.dma().mappingError(mapped);
                    rig.dma().unmapResource(mapped, 64, Direction.TO_DEVICE, Attributes.NONE);
                }))
                .containsExactly(ApiCheck.RESOURCE_OF_MEMORY);
    }

    @Test
    void checks19And20Segments() {
        assertThat(checks(rig -> {
                    rig.dma().setMaxSegSize(PAGE);
                    rig.dma().setSegBoundary(0xffff);
                    Scatterlist list = new Scatterlist(1);
                    list.set(0, rig.memory().allocatePages(6, Zone.NORMAL, "list") + 60 * 1024, 2 * PAGE);
                    rig.dma().mapSg(list, 1, Direction.TO_DEVICE, Attributes.NONE);
                }))
                .containsExactly(ApiCheck.SEGMENT_LENGTH, ApiCheck.SEGMENT_BOUNDARY);
    }

    @Test
    void check21FirstLinesThatMeet() {
        Consumer<Rig> driver = rig -> {
            long page = rig.page();
            rig.map(page, 8, Direction.FROM_DEVICE);
            rig.map(page + 8, 8, Direction.FROM_DEVICE);
        };

        assertThat(checks("off", Overlaps.CHECKED, driver)).containsExactly(ApiCheck.OVERLAP);
        assertThat(checks("off", Overlaps.AS_SHIPPED, driver)).isEmpty();
    }

    @Test
    void check21SeesNoOtherLine() {
        assertThat(checks(rig -> {
                    long page = rig.page();
                    rig.map(page, 256, Direction.FROM_DEVICE);
                    rig.map(page + 128, 64, Direction.FROM_DEVICE);
                    rig.map(page, 64, Direction.TO_DEVICE);
                }))
                .isEmpty();
    }

    @Test
    void check21IsCalledOffByAttributes() {
        assertThat(checks(rig -> {
                    long page = rig.page();
                    long promised = Attributes.DEBUGGING_IGNORE_CACHELINES;
                    rig.dma().mapSingle(page, 8, Direction.FROM_DEVICE, promised);
                    rig.dma().mapSingle(page + 8, 8, Direction.FROM_DEVICE, promised);
                    rig.dma().mapSingle(page + 16, 8, Direction.FROM_DEVICE, Attributes.SKIP_CPU_SYNC);
                }))
                .isEmpty();
        assertThat(checks(rig -> {
                    long page = rig.page();
                    rig.dma().mapSingle(page, 8, Direction.FROM_DEVICE);
                    rig.dma().mapSingle(page + 8, 8, Direction.FROM_DEVICE, Attributes.DEBUGGING_IGNORE_CACHELINES);
                }))
                .as("all who share a line have to promise")
                .containsExactly(ApiCheck.OVERLAP);
    }

    @Test
    void check22MoreThanSevenIsToldOnceAndAnyway() {
        assertThat(checks("off", Overlaps.AS_SHIPPED, rig -> {
                    long page = rig.page();
                    for (int i = 0; i < 12; i++) {
                        rig.map(page, 4, Direction.FROM_DEVICE);
                    }
                }))
                .containsExactly(ApiCheck.MANY_OVERLAPS);
    }

    @Test
    void check23WhatIsLeftWhenTheDriverLeaves() {
        ApiDebug debug = debug(machine("off"), rig -> {
            CoherentBuffer managed = rig.dma().allocManagedCoherent(PAGE);
            assertThat(managed).isNotNull();
            assertThat(rig.pci().bind(new Leaking(0))).isZero();
            rig.pci().unbind();
        });

        assertThat(debug.complaints(Overlaps.AS_SHIPPED)).hasSize(1);
        assertThat(debug.complaints(Overlaps.AS_SHIPPED).getFirst().toString())
                .matches("DMA-API: \\S+: driver has pending DMA allocations while released from device \\[count=2\\],"
                        + " one of them \\[device address=0x[0-9a-f]+\\] \\[size=64 bytes\\]"
                        + " \\[mapped as single, TO_DEVICE\\] \\(at , mapped at ApiDebugTest\\$Leaking.probe:\\d+\\)");
    }

    @Test
    void check23IsNotMadeWhenAProbeFails() {
        assertThat(checks(rig -> assertThat(rig.pci().bind(new Leaking(-12))).isEqualTo(-12)))
                .isEmpty();
    }

    @Test
    void theFirstErrorOnlyIsPrinted() {
        ApiDebug debug = debug(machine("off"), rig -> {
            long page = rig.page();
            rig.map(page, 8, Direction.FROM_DEVICE);
            long other = rig.map(page + 8, 8, Direction.FROM_DEVICE);
            rig.dma().unmapSingle(other, 9, Direction.FROM_DEVICE);
            rig.dma().unmapSingle(other, 8, Direction.FROM_DEVICE);
        });

        assertThat(debug.complaints(Overlaps.CHECKED)).hasSize(3);
        assertThat(debug.printed(Overlaps.CHECKED)).extracting(Complaint::check).containsExactly(ApiCheck.OVERLAP);
        assertThat(debug.printed(Overlaps.AS_SHIPPED))
                .extracting(Complaint::check)
                .containsExactly(ApiCheck.SIZE);
    }

    /// A driver that leaves two mappings behind, whether or not it succeeds.
    private record Leaking(int result) implements PciDriver {
        @Override
        public String name() {
            return "leaking";
        }

        @Override
        public boolean matches(int vendorId, int deviceId) {
            return true;
        }

        @Override
        public int probe(PciDevice device) {
            long page = device.kernel().memory().allocatePages(0, Zone.NORMAL, "leaked");
            for (int i = 0; i < 2; i++) {
                device.dma().mappingError(device.dma().mapSingle(page + i * 64L, 64, Direction.TO_DEVICE));
            }
            return result;
        }

        @Override
        public void remove(PciDevice device) {}
    }
}
