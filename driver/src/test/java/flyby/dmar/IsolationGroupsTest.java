package flyby.dmar;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.dmar.PciFunction.Port;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Machines whose groups Linux's `pci_device_group` decides as its comments say.
final class IsolationGroupsTest {
    private static final PciFunction ROOT = new PciFunction(0x08, Port.ROOT_PORT, null, false, true);
    private static final PciFunction OPEN_ROOT = new PciFunction(0x10, Port.ROOT_PORT, null, false, false);

    private static String groups(PciFunction... functions) {
        return IsolationGroups.of(List.of(functions)).stream()
                .map(group -> group.stream()
                        .map(each -> Integer.toHexString(each.requesterId()))
                        .collect(Collectors.joining(" ")))
                .collect(Collectors.joining(", "));
    }

    private static PciFunction device(int requesterId, PciFunction bridge) {
        return new PciFunction(requesterId, Port.ENDPOINT, bridge, false, false);
    }

    @Test
    void deviceBelowARootPortWithAccessControlIsAlone() {
        assertThat(groups(ROOT, device(0x100, ROOT))).isEqualTo("8, 100");
    }

    @Test
    void deviceBelowARootPortWithoutBelongsToThePort() {
        assertThat(groups(OPEN_ROOT, device(0x200, OPEN_ROOT))).isEqualTo("10 200");
    }

    @Test
    void devicesBelowASwitchWithAccessControlAreApart() {
        PciFunction up = new PciFunction(0x100, Port.UPSTREAM_PORT, ROOT, false, false);
        PciFunction left = new PciFunction(0x200, Port.DOWNSTREAM_PORT, up, false, true);
        PciFunction right = new PciFunction(0x208, Port.DOWNSTREAM_PORT, up, false, true);

        assertThat(groups(device(0x300, left), device(0x400, right), up)).isEqualTo("300, 400, 100");
    }

    @Test
    void devicesBelowASwitchWithoutAreOne() {
        PciFunction up = new PciFunction(0x100, Port.UPSTREAM_PORT, ROOT, false, false);
        PciFunction left = new PciFunction(0x200, Port.DOWNSTREAM_PORT, up, true, false);
        PciFunction right = new PciFunction(0x201, Port.DOWNSTREAM_PORT, up, true, false);

        assertThat(groups(device(0x300, left), device(0x400, right), left, right))
                .as("requests may turn round between the downstream ports")
                .isEqualTo("300 400 200 201");
    }

    @Test
    void anOpenRootPortJoinsAllBelowIt() {
        PciFunction up = new PciFunction(0x100, Port.UPSTREAM_PORT, OPEN_ROOT, false, false);
        PciFunction left = new PciFunction(0x200, Port.DOWNSTREAM_PORT, up, false, true);
        PciFunction right = new PciFunction(0x208, Port.DOWNSTREAM_PORT, up, false, true);

        assertThat(groups(device(0x300, left), device(0x400, right))).isEqualTo("300 400");
    }

    @Test
    void functionsOfADeviceAreOneUnlessTheyAreIsolated() {
        PciFunction first = new PciFunction(0x100, Port.ENDPOINT, ROOT, true, false);
        PciFunction second = new PciFunction(0x101, Port.ENDPOINT, ROOT, true, false);
        PciFunction third = new PciFunction(0x102, Port.ENDPOINT, ROOT, true, true);

        assertThat(groups(first, second, third)).isEqualTo("100 101, 102");
    }
}
