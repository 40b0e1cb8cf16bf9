package flyby.coherence;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flyby.coherence.CoherenceParameters.Disturbances;
import flyby.coherence.CoherenceParameters.Level;
import flyby.coherence.CoherenceParameters.Memory;
import org.junit.jupiter.api.Test;

/// Machines that cannot be are refused when they are made.
final class CoherenceParametersTest {
    @Test
    void deviceWritesNeedWaysThatThereAre() {
        assertThatThrownBy(() -> Shape.plain().writeWays(0b10000).parameters())
                .hasMessage("device writes may use ways 10 of 4");
    }

    @Test
    void socketsCoresAndWaysAreLimited() {
        assertThatThrownBy(() -> Shape.plain().sockets(9).parameters()).hasMessage("9 sockets");
        assertThatThrownBy(() -> new Shape(1, 65, 4, 0, true, 1, 0, Disturbances.NONE).parameters())
                .hasMessage("65 cores in a socket");
        assertThatThrownBy(() -> new Level(65 * 64, 65, 0)).hasMessage("a cache of 4160 B in 65 ways");
    }

    @Test
    void memoryIsInWholeLinesAndChannelsTakeTurnsByPowersOfTwo() {
        assertThatThrownBy(() -> new Memory(1 << 20, 0, 2, 192, 0, 0, 0)).hasMessage("channels take turns every 192 B");
        assertThatThrownBy(() -> new Memory(1 << 20, 3 << 12, 2, 256, 0, 0, 0))
                .hasMessage("sockets take turns every 12288 B");
        assertThatThrownBy(() -> new Shape(1, 1, 4, 0, true, 1, 32, Disturbances.NONE).parameters())
                .hasMessage("memory is not in whole lines of 64 B");
    }

    @Test
    void whereDevicesDoNotSnoopBuffersHaveLinesOfTheirOwn() {
        CoherenceParameters plain = Shape.plain().notSnooping().parameters();
        assertThatThrownBy(() -> new CoherenceParameters(
                        1,
                        1,
                        64,
                        32,
                        plain.l1(),
                        plain.l2(),
                        plain.lastLevel(),
                        0,
                        0,
                        0,
                        plain.io(),
                        plain.memory(),
                        plain.link(),
                        Disturbances.NONE))
                .hasMessage("DMA aligned to 32 B with lines of 64 B");
    }
}
