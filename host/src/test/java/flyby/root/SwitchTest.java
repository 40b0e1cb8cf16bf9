package flyby.root;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.AddressType;
import flyby.bus.InterruptSink;
import flyby.configuration.layout.AcsRegisters;
import flyby.configuration.layout.CapabilityIds;
import flyby.configuration.layout.ErrorRegisters;
import flyby.configuration.layout.ExpressRegisters;
import flyby.configuration.layout.HeaderRegisters;
import flyby.link.StraightLink;
import flyby.pcie.MessageCodes;
import flyby.pcie.Packet;
import flyby.pcie.Segmentation;
import flyby.register.BitField;
import org.junit.jupiter.api.Test;

/// A switch with two devices below it, packet by packet: which way each goes, and when. Ids and windows are set by
/// hand: the upstream port is 01:00.0, the bus inside 2, the devices are 03:00.0 and 04:00.0.
final class SwitchTest {
    private static final long WINDOW = 0xc000_0000L;
    private static final long OTHER_WINDOW = 0xc010_0000L;
    private static final long SWITCH_PICOS = 100_000;

    private final Bench bench = new Bench();
    private final Switch crossing;
    private final Puppet left;
    private final Puppet right;

    SwitchTest() {
        StraightLink link = link();
        RootPort port = bench.root.port("root port 1", link.upstream(), bench.memory);
        crossing = new Switch(
                bench.simulation,
                bench.pool,
                "switch",
                SWITCH_PICOS,
                new Segmentation(256, 512, 64),
                link.downstream(),
                port.wires());
        left = puppet(3);
        right = puppet(4);
        open(port.bridge(), 1, 4, OTHER_WINDOW);
        open(crossing.upstream().bridge(), 2, 4, OTHER_WINDOW);
        crossing.upstream().captureBus(1);
        open(bridge(0), 3, 3, WINDOW);
        Bench.openWindow(bridge(1), 4, OTHER_WINDOW);
    }

    private static void open(Bridge bridge, int bus, int lastBus, long lastWindow) {
        Bench.openWindow(bridge, bus, WINDOW);
        bridge.space().write(HeaderRegisters.SUBORDINATE_BUS, 1, lastBus);
        bridge.space().write(HeaderRegisters.MEMORY_LIMIT, 2, lastWindow >>> 16);
    }

    private StraightLink link() {
        StraightLink link = new StraightLink(bench.simulation, bench.pool, Bench.LINK_PICOS);
        bench.links.add(link);
        return link;
    }

    private Puppet puppet(int bus) {
        StraightLink link = link();
        crossing.downstream(link.upstream());
        return new Puppet(bench.simulation, bench.pool, link.downstream(), bus << 8);
    }

    private Bridge bridge(int device) {
        return crossing.downstream().get(device).bridge();
    }

    private void turnOn(int device, BitField service) {
        int acs = extended(bridge(device), CapabilityIds.ACCESS_CONTROL_SERVICES);
        bridge(device).space().write(acs + AcsRegisters.CONTROL, 2, service.mask());
    }

    private static int extended(Bridge bridge, int id) {
        int at = CapabilityIds.EXTENDED_START;
        while ((bridge.space().get(at, 4) & 0xffff) != id) {
            at = (int) (bridge.space().get(at, 4) >>> 20);
        }
        return at;
    }

    private static boolean hasError(Bridge bridge, BitField error) {
        int aer = extended(bridge, CapabilityIds.ADVANCED_ERROR_REPORTING);
        return error.isSet(bridge.space().get(aer + ErrorRegisters.UNCORRECTABLE_STATUS, 4));
    }

    @Test
    void peersReachEachOtherWithoutTheRootComplex() {
        left.send(left.write(OTHER_WINDOW + 8, new byte[] {1, 2, 3, 4}));
        left.send(left.read(OTHER_WINDOW + 16, 8, 5));
        bench.simulation.run();
        // 10 ns in, 100 inside, 10 out; and the same back.
        assertThat(right.heard).containsExactly("MEMORY_WRITE tag 0 0xc0100008+4", "MEMORY_READ tag 5 0xc0100010+8");
        assertThat(right.heardAt).containsExactly(120_000L, 120_000L);
        assertThat(left.heard).containsExactly("COMPLETION SUCCESSFUL tag 5 0xc0100010+8");
        assertThat(left.heardAt).containsExactly(240_000L);
        bench.assertNothingLeft();
    }

    @Test
    void requestRedirectSendsPeersToTheRootComplexWhichRefusesThem() {
        turnOn(0, AcsRegisters.REQUEST_REDIRECT);
        left.send(left.write(OTHER_WINDOW, new byte[4]));
        left.send(left.read(OTHER_WINDOW, 4, 6));
        bench.simulation.run();
        assertThat(right.heard).isEmpty();
        assertThat(left.heard).containsExactly("COMPLETION UNSUPPORTED_REQUEST tag 6 0xc0100000+0");
        assertThat(hasError(bench.root.ports().getFirst().bridge(), ErrorRegisters.UNSUPPORTED_REQUEST))
                .isTrue();
        bench.assertNothingLeft();
    }

    @Test
    void translatedRequestsAreNotRedirectedIfSoftwareSaysSo() {
        turnOn(0, new BitField("both", 6, 2));
        Packet translated = left.write(OTHER_WINDOW, new byte[4]);
        translated.addressType(AddressType.TRANSLATED);
        left.send(translated);
        bench.simulation.run();
        assertThat(right.heard).hasSize(1);
        bench.assertNothingLeft();
    }

    @Test
    void sourceValidationStopsWhoPretendsToBeAnother() {
        Packet lie = bench.pool.take().request(Packet.Kind.MEMORY_READ, right.id, 7, 0x1000, 4);
        left.send(lie);
        bench.simulation.run();
        // Without it the answer goes to the one who never asked.
        assertThat(right.heard).containsExactly("COMPLETION SUCCESSFUL tag 7 0x1000+4");

        turnOn(0, AcsRegisters.SOURCE_VALIDATION);
        left.send(bench.pool.take().request(Packet.Kind.MEMORY_READ, right.id, 8, 0x1000, 4));
        left.send(left.read(0x1000, 4, 9));
        bench.simulation.run();
        assertThat(hasError(bridge(0), ErrorRegisters.ACS_VIOLATION)).isTrue();
        assertThat(right.heard).hasSize(1);
        // The port that stops it answers where it came from.
        assertThat(left.heard)
                .containsExactly("COMPLETION COMPLETER_ABORT tag 8 0x1000+0", "COMPLETION SUCCESSFUL tag 9 0x1000+4");
        bench.assertNothingLeft();
    }

    @Test
    void translationBlockingStopsAddressesThatClaimToBeTranslated() {
        turnOn(0, AcsRegisters.TRANSLATION_BLOCKING);
        Packet translated = left.write(0x1000, new byte[] {9});
        translated.addressType(AddressType.TRANSLATED);
        left.send(translated);
        bench.simulation.run();
        assertThat(hasError(bridge(0), ErrorRegisters.ACS_VIOLATION)).isTrue();
        assertThat(bench.bytes.read8(0x1000)).isZero();
        bench.assertNothingLeft();
    }

    @Test
    void whatWouldGoBackGoesUpOnlyIfForwarded() {
        left.send(left.read(WINDOW, 4, 1));
        bench.simulation.run();
        assertThat(left.heard).containsExactly("COMPLETION UNSUPPORTED_REQUEST tag 1 0xc0000000+0");
        assertThat(hasError(bridge(0), ErrorRegisters.UNSUPPORTED_REQUEST)).isTrue();

        turnOn(0, AcsRegisters.UPSTREAM_FORWARDING);
        left.send(left.read(WINDOW, 4, 2));
        bench.simulation.run();
        assertThat(hasError(bench.root.ports().getFirst().bridge(), ErrorRegisters.UNSUPPORTED_REQUEST))
                .isTrue();
        bench.assertNothingLeft();
    }

    @Test
    void withoutBusMasterNothingGoesUp() {
        bridge(0).space().write(HeaderRegisters.COMMAND, 2, HeaderRegisters.COMMAND_MEMORY_SPACE_ENABLE.mask());
        left.send(left.write(0x1000, new byte[] {9}));
        left.send(left.read(0x1000, 4, 1));
        bench.simulation.run();
        assertThat(bench.bytes.read8(0x1000)).isZero();
        assertThat(left.heard).containsExactly("COMPLETION UNSUPPORTED_REQUEST tag 1 0x1000+0");
        bench.assertNothingLeft();
    }

    @Test
    void roomIsFreedWhenTheNextLinkHasThePacket() {
        left.send(left.write(0x1000, new byte[64]));
        bench.simulation.runUntil(109_999);
        assertThat(bench.links.get(1).upstream().heldCount()).isOne();
        bench.simulation.runUntil(110_000);
        assertThat(bench.links.get(1).upstream().heldCount()).isZero();
        bench.simulation.run();
        bench.assertNothingLeft();
    }

    @Test
    void aDeviceThatIsPulledOutReadsAsOnesAtOnce() {
        left.answers = false;
        long[] answer = {0};
        bench.cpu.read(WINDOW, 4, 0, value -> answer[0] = value);
        bench.simulation.runUntil(1_000_000);
        bench.links.get(1).takeDown();
        // The request that is lost already is waited for; the next one is refused by the switch.
        bench.simulation.run();
        assertThat(answer[0]).isEqualTo(-1L);
        long before = bench.simulation.nowPicos();
        assertThat(bench.cpuRead(WINDOW, 4)).isEqualTo(-1L);
        assertThat(bench.simulation.nowPicos() - before).isLessThan(2_000_000);
        int express = (int) bridge(0).space().get(HeaderRegisters.CAPABILITIES_POINTER, 1);
        assertThat(ExpressRegisters.LINK_ACTIVE.isSet(bridge(0).space().get(express + ExpressRegisters.LINK_STATUS, 2)))
                .isFalse();
        bench.assertNothingLeft();
    }

    @Test
    void aResetOfTheBusAboveResetsAllBelow() {
        Bridge top = bench.root.ports().getFirst().bridge();
        top.space().write(HeaderRegisters.BRIDGE_CONTROL, 2, HeaderRegisters.BRIDGE_SECONDARY_BUS_RESET.mask());
        assertThat(bench.links.get(1).upstream().isUp()).isFalse();
        assertThat(bridge(0).secondaryBus()).isZero();
        top.space().write(HeaderRegisters.BRIDGE_CONTROL, 2, 0);
        assertThat(bench.links.get(1).upstream().isUp()).isTrue();
        bench.assertNothingLeft();
    }

    @Test
    void errorMessagesGoUpIfBridgesPassThem() {
        Bridge top = bench.root.ports().getFirst().bridge();
        int aer = extended(top, CapabilityIds.ADVANCED_ERROR_REPORTING);
        left.send(bench.pool.take().message(MessageCodes.ERR_NONFATAL, left.id, 0, 0));
        bench.simulation.run();
        assertThat(top.space().get(aer + ErrorRegisters.ROOT_STATUS, 4)).isZero();

        for (Bridge bridge : new Bridge[] {crossing.upstream().bridge(), bridge(0)}) {
            bridge.space().write(HeaderRegisters.COMMAND, 2, 7 | HeaderRegisters.COMMAND_SERR_ENABLE.mask());
            bridge.space().write(HeaderRegisters.BRIDGE_CONTROL, 2, 2);
        }
        left.send(bench.pool.take().message(MessageCodes.ERR_NONFATAL, left.id, 0, 0));
        left.send(bench.pool.take().message(MessageCodes.ERR_COR, left.id, 0, 0));
        bench.simulation.run();
        // ERR_COR received, ERR_FATAL or ERR_NONFATAL received, non-fatal received; both from 03:00.0.
        assertThat(top.space().get(aer + ErrorRegisters.ROOT_STATUS, 4)).isEqualTo(0b010_0101);
        assertThat(top.space().get(aer + ErrorRegisters.ROOT_SOURCE, 4)).isEqualTo(0x0300_0300);
        bench.assertNothingLeft();
    }

    @Test
    void wiresAreSwizzledByDeviceNumberAndAreLevels() {
        // Below port 1 INTA is INTB of the switch, and below device 1 of bus 0 INTC.
        InterruptSink first = crossing.wires(0);
        InterruptSink second = crossing.wires(1);
        second.interrupt(0, true);
        first.interrupt(1, true);
        second.interrupt(0, false);
        assertThat(bench.lines).containsExactly("2 true");
        first.interrupt(1, false);
        assertThat(bench.lines).containsExactly("2 true", "2 false");
    }
}
