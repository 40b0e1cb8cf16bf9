package flyby.dma;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.dma.DmaStatistics.Count;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Rules of direction, of ownership and of syncing: sections 1.5 and 1.6 of the rules.
final class OwnershipRulesTest {
    private static final int PAGE = 4096;
    private static final Direction TO = Direction.TO_DEVICE;
    private static final Direction FROM = Direction.FROM_DEVICE;
    private static final Direction BOTH = Direction.BIDIRECTIONAL;

    private static Rig forced() {
        return Rig.bounced(BounceOptions.forced(Rig.pool(Rig.POOL_BYTES)));
    }

    /// Row 9.5, `arch/arc/mm/dma.c`, typed in by hand: what each call does to the caches.
    private static final String[][] TABLE = {
        {"TO_DEVICE", "map", "clean"},
        {"TO_DEVICE", "for device", "clean"},
        {"TO_DEVICE", "for CPU", ""},
        {"TO_DEVICE", "unmap", ""},
        {"FROM_DEVICE", "map", "invalidate"},
        {"FROM_DEVICE", "for device", "invalidate"},
        {"FROM_DEVICE", "for CPU", "invalidate"},
        {"FROM_DEVICE", "unmap", "invalidate"},
        {"BIDIRECTIONAL", "map", "clean+invalidate"},
        {"BIDIRECTIONAL", "for device", "clean+invalidate"},
        {"BIDIRECTIONAL", "for CPU", "invalidate"},
        {"BIDIRECTIONAL", "unmap", "invalidate"},
    };

    private static String done(Rig rig, Direction direction, String call) {
        long page = rig.page("buffer");
        long dmaAddress = page;
        if (!call.equals("map")) {
            dmaAddress = rig.dma.mapSingle(page, 100, direction);
            rig.cpu.maintenance.clear();
        }
        switch (call) {
            case "map" -> rig.dma.mapSingle(page, 100, direction);
            case "for device" -> rig.dma.syncSingleForDevice(dmaAddress, 100, direction);
            case "for CPU" -> rig.dma.syncSingleForCpu(dmaAddress, 100, direction);
            default -> rig.dma.unmapSingle(dmaAddress, 100, direction);
        }
        return String.join(", ", rig.cpu.maintenance).replace(" 0x%x+100".formatted(page), "");
    }

    @Test
    void maintenanceIsThatOfTheTable() {
        for (String[] row : TABLE) {
            assertThat(done(Rig.nonCoherent(), Direction.valueOf(row[0]), row[1]))
                    .as("%s, %s", row[0], row[1])
                    .isEqualTo(row[2]);
            assertThat(done(Rig.coherent(), Direction.valueOf(row[0]), row[1]))
                    .as("where devices ask the caches")
                    .isEmpty();
        }
    }

    @Test
    void maintenanceIsCountedCallByCall() {
        Rig rig = Rig.nonCoherent();
        long page = rig.page("buffer");
        long dmaAddress = rig.dma.mapSingle(page, 200, BOTH);
        rig.dma.syncSingleForCpu(dmaAddress, 100, BOTH);
        rig.dma.syncSingleForDevice(dmaAddress, 100, BOTH);
        rig.dma.unmapSingle(dmaAddress, 200, BOTH);
        rig.dma.unmapSingle(rig.dma.mapSingle(page, 64, TO), 64, TO);

        DmaStatistics statistics = rig.dma.statistics();
        List<Long> counts = new ArrayList<>();
        for (Count count : Count.values()) {
            counts.add(statistics.of(count));
        }
        // Maps, unmaps, syncs both ways; allocations, frees, failures; cleans, invalidations, both, with bytes;
        // bounces, bytes in, bytes out.
        assertThat(counts).containsExactly(2L, 2L, 1L, 1L, 0L, 0L, 0L, 1L, 64L, 2L, 300L, 2L, 300L, 0L, 0L, 0L);
    }

    @Test
    void whatADeviceThatWritesIsGivenDependsOnThePlatform() {
        Dma.Platform platform = new Dma.Platform(false, 64);
        Rig cleans = new Rig(Rig.Way.DIRECT, platform.with(HandOver.CLEAN));
        Rig nothing = new Rig(Rig.Way.DIRECT, platform.with(HandOver.NOTHING));

        assertThat(done(cleans, FROM, "map")).isEqualTo("clean");
        assertThat(done(cleans, FROM, "for device")).isEqualTo("clean");
        assertThat(done(nothing, FROM, "map")).isEmpty();
        assertThat(done(nothing, FROM, "unmap")).isEqualTo("invalidate");
    }

    @Test
    void r33DirectionIsThatOfTheDataOnTheBus() {
        // TO_DEVICE for what the device writes: no line is forgotten.
        Rig rig = Rig.nonCoherent();
        long page = rig.page("buffer");
        rig.cpu.store8(page, 1);
        long dmaAddress = rig.dma.mapSingle(page, 64, TO);
        rig.deviceWrites(dmaAddress, 9);
        rig.dma.unmapSingle(dmaAddress, 64, TO);

        assertThat(rig.cpu.load8(page)).as("stale").isEqualTo(1);
    }

    @Test
    void r34TheDeviceOnlyReadsWhatIsToIt() {
        // What it writes all the same does not come back from a bounce buffer.
        Rig rig = forced();
        long page = rig.page("buffer");
        long dmaAddress = rig.dma.mapSingle(page, 64, TO);
        rig.deviceWrites(dmaAddress, 9);
        rig.dma.unmapSingle(dmaAddress, 64, TO);

        assertThat(rig.cpu.load8(page)).isZero();
    }

    @Test
    void r35BothWaysNeedsBothSyncs() {
        for (Rig rig : List.of(Rig.nonCoherent(), forced())) {
            long page = rig.page("buffer");
            long dmaAddress = rig.dma.mapSingle(page, 64, BOTH);
            rig.cpu.store8(page, 1);
            rig.dma.syncSingleForDevice(dmaAddress, 64, BOTH);
            assertThat(rig.deviceReads(dmaAddress)).isEqualTo(1);
            rig.deviceWrites(dmaAddress, 2);
            rig.dma.syncSingleForCpu(dmaAddress, 64, BOTH);
            assertThat(rig.cpu.load8(page)).isEqualTo(2);
        }
    }

    @Test
    void r36NoneIsRefused() {
        for (Rig rig : List.of(Rig.coherent(), Rig.strict())) {
            long page = rig.page("buffer");
            Direction none = Direction.NONE;
            Scatterlist list = new Scatterlist(1);
            list.set(0, page, 64);
            assertThat(rig.dma.mapSingle(page, 64, none)).isEqualTo(Dma.MAPPING_ERROR);
            assertThat(rig.dma.mapSg(list, 1, none, Attributes.NONE)).isZero();
            rig.dma.unmapSingle(page, 64, none);
            rig.dma.syncSingleForCpu(page, 64, none);
            rig.dma.syncSingleForDevice(page, 64, none);
            rig.dma.unmapSg(list, 1, none, Attributes.NONE);
            assertThat(rig.dma.allocNoncoherent(64, none)).isNull();
            assertThat(rig.warnings()).hasSize(7).allMatch(text -> text.contains("invalid dma_data_direction"));
        }
    }

    @Test
    void r37AnIommuHoldsTheDeviceToItsDirection() {
        Rig rig = Rig.strict();
        long page = rig.page("buffer");
        long read = rig.dma.mapSingle(page, PAGE, TO);
        long written = rig.dma.mapSingle(page, PAGE, FROM);
        long both = rig.dma.mapSingle(page, PAGE, BOTH);

        assertThat(rig.reaches(read, false)).isTrue();
        assertThat(rig.reaches(read, true)).isFalse();
        assertThat(rig.reaches(written, true)).isTrue();
        assertThat(rig.reaches(written, false)).isFalse();
        assertThat(rig.reaches(both, true) && rig.reaches(both, false)).isTrue();
    }

    @Test
    void r38CoherentMemoryIsBothWays() {
        Rig rig = Rig.strict();
        CoherentBuffer ring = Objects.requireNonNull(rig.dma.allocCoherent(100));

        assertThat(rig.reaches(ring.dmaAddress(), true)).isTrue();
        assertThat(rig.reaches(ring.dmaAddress(), false)).isTrue();
    }

    @Test
    void r39WhatTheCpuStoresIntoADevicesBufferIsLostOrLoses() {
        for (Rig rig : List.of(Rig.nonCoherent(), forced())) {
            long page = rig.page("buffer");
            long dmaAddress = rig.dma.mapSingle(page, 64, FROM);
            rig.cpu.store8(page + 1, 5);
            rig.deviceWrites(dmaAddress, 9);
            rig.dma.unmapSingle(dmaAddress, 64, FROM);
            assertThat(rig.cpu.load8(page)).isEqualTo(9);
            assertThat(rig.cpu.load8(page + 1)).as("the CPU's store").isZero();
        }
    }

    @Test
    void r40AfterTheUnmapTheDeviceIsOut() {
        Rig rig = forced();
        long page = rig.page("buffer");
        long dmaAddress = rig.dma.mapSingle(page, 64, FROM);
        rig.dma.unmapSingle(dmaAddress, 64, FROM);
        rig.deviceWrites(dmaAddress, 9);

        assertThat(rig.cpu.load8(page)).as("it has written into the pool").isZero();
        assertThat(rig.warnings()).isEmpty();
    }

    @Test
    void r41TheCpuSeesWhatTheDeviceWroteOnlyAfterASync() {
        for (Rig rig : List.of(Rig.nonCoherent(), forced())) {
            long page = rig.page("buffer");
            long dmaAddress = rig.dma.mapSingle(page, 64, FROM);
            assertThat(rig.cpu.load8(page)).as("cached before its time").isZero();
            rig.deviceWrites(dmaAddress, 9);
            assertThat(rig.cpu.load8(page)).as("stale").isZero();
            rig.dma.syncSingleForCpu(dmaAddress, 64, FROM);
            assertThat(rig.cpu.load8(page)).isEqualTo(9);
        }
    }

    @Test
    void r42TheDeviceSeesWhatTheCpuStoredOnlyAfterASync() {
        for (Rig rig : List.of(Rig.nonCoherent(), forced())) {
            long page = rig.page("buffer");
            long dmaAddress = rig.dma.mapSingle(page, 64, TO);
            rig.cpu.store8(page, 9);
            assertThat(rig.deviceReads(dmaAddress)).isZero();
            rig.dma.syncSingleForDevice(dmaAddress, 64, TO);
            assertThat(rig.deviceReads(dmaAddress)).isEqualTo(9);
        }
    }

    @Test
    void r43APartCanBeSynced() {
        for (Rig rig : List.of(Rig.nonCoherent(), forced())) {
            long page = rig.page("buffer");
            long dmaAddress = rig.dma.mapSingle(page + 64, 3000, FROM);
            for (int i = 0; i < 3000; i++) {
                rig.cpu.load8(page + 64 + i);
                rig.deviceWrites(dmaAddress + i, 9);
            }
            rig.dma.syncSingleRangeForCpu(dmaAddress, 2048, 256, FROM);
            assertThat(rig.cpu.load8(page + 64 + 2047)).isZero();
            assertThat(rig.cpu.load8(page + 64 + 2048)).isEqualTo(9);
            assertThat(rig.cpu.load8(page + 64 + 2048 + 255)).isEqualTo(9);
            assertThat(rig.cpu.load8(page + 64 + 2048 + 256)).isZero();
        }
    }

    @Test
    void r43MoreThanTheMappingIsNotCopied() {
        Rig rig = forced();
        long page = rig.page("buffer");
        long dmaAddress = rig.dma.mapSingle(page, 64, FROM);
        rig.cpu.store8(page + 64, 5);
        rig.dma.syncSingleForCpu(dmaAddress, 4000, FROM);

        assertThat(rig.cpu.load8(page + 64)).isEqualTo(5);
        assertThat(rig.warnings())
                .containsExactly("0000:01:00.0: Buffer overflow detected. Allocation size: 64. Mapping size: 4000.");
    }

    @Test
    void r44ASyncOfAnotherDirectionDoesNotDoItsWork() {
        for (Rig rig : List.of(Rig.nonCoherent(), forced())) {
            long page = rig.page("buffer");
            long dmaAddress = rig.dma.mapSingle(page, 64, FROM);
            rig.cpu.load8(page);
            rig.deviceWrites(dmaAddress, 9);
            rig.dma.syncSingleForCpu(dmaAddress, 64, TO);
            assertThat(rig.cpu.load8(page)).isZero();
        }
    }

    @Test
    void r45WhatTheCpuOnlyReadGoesBackWithoutASync() {
        for (Rig rig : List.of(Rig.nonCoherent(), forced(), Rig.strict())) {
            long page = rig.page("buffer");
            long dmaAddress = rig.dma.mapSingle(page, 64, FROM);
            for (int round = 1; round < 5; round++) {
                rig.deviceWrites(dmaAddress, round);
                rig.dma.syncSingleForCpu(dmaAddress, 64, FROM);
                assertThat(rig.cpu.load8(page)).isEqualTo(round);
            }
        }
    }

    @Test
    void r46SyncsAreNeededWhereTheApiSaysSo() {
        Rig coherent = Rig.coherent();
        assertThat(coherent.dma.needSync(coherent.page("buffer"))).isFalse();
        assertThat(Rig.strict().dma.needSync(0)).isFalse();
        Rig noncoherent = Rig.nonCoherent();
        assertThat(noncoherent.dma.needSync(noncoherent.page("buffer"))).isTrue();
        Rig mixed = Rig.bounced(BounceOptions.of(Rig.pool(Rig.POOL_BYTES)));
        assertThat(mixed.dma.needSync(mixed.page("buffer")))
                .as("nothing was bounced yet")
                .isFalse();
        mixed.dma.setMask(Dma.bitMask(25));
        long bounced = mixed.dma.mapSingle(1 << 26, 64, TO);
        assertThat(mixed.dma.needSync(bounced)).isTrue();
        assertThat(mixed.dma.needSync(mixed.page("buffer"))).isFalse();
    }

    @Test
    void r47SyncAndUnmapOfABounceBufferAreCopies() {
        Rig rig = forced();
        long page = rig.page("buffer");
        rig.cpu.store8(page + 1, 1);
        long dmaAddress = rig.dma.mapSingle(page, 100, FROM);
        rig.deviceWrites(dmaAddress, 9);
        rig.cpu.store8(page + 1, 2);
        rig.dma.unmapSingle(dmaAddress, 100, FROM);

        assertThat(rig.cpu.load8(page)).isEqualTo(9);
        assertThat(rig.cpu.load8(page + 1)).as("what it was at the map").isEqualTo(1);
        assertThat(rig.dma.statistics().of(Count.BOUNCED_IN_BYTES)).isEqualTo(100);
        assertThat(rig.dma.statistics().of(Count.BOUNCED_OUT_BYTES)).isEqualTo(100);
    }
}
