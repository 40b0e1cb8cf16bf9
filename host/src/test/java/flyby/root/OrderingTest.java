package flyby.root;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.pcie.Packet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a driver relies on, with every combination of delays between the packets: data is there before the
/// interrupt that tells of it, and whoever reads pushes the writes before. Section 2.4.1, entries A2a, B2a and D2a.
final class OrderingTest {
    private static final long WINDOW = 0xc000_0000L;
    private static final long[] DELAYS = {0, 100_000, 250_000};
    private static final int PACKETS = 4;

    @Test
    void dataIsThereBeforeTheInterruptAndBeforeTheAnswer() {
        int caseCount = (int) Math.pow(DELAYS.length, PACKETS);
        for (int i = 0; i < caseCount; i++) {
            for (boolean relaxed : new boolean[] {false, true}) {
                check(delays(i), relaxed);
            }
        }
    }

    private static List<Long> delays(int number) {
        List<Long> delays = new ArrayList<>();
        int rest = number;
        for (int i = 0; i < PACKETS; i++) {
            delays.add(DELAYS[rest % DELAYS.length]);
            rest /= DELAYS.length;
        }
        return delays;
    }

    /// Two writes, an interrupt, a read of both, and the answer to a read of the CPU.
    private static void check(List<Long> delays, boolean relaxed) {
        Bench bench = new Bench();
        List<Long> left = new ArrayList<>(delays);
        Jitter iommu = new Jitter(bench.simulation, bench.memory, left::removeFirst);
        Puppet device = bench.port(iommu, iommu, 1, WINDOW);
        List<Long> atInterrupt = new ArrayList<>();
        bench.whenInterrupted = () -> atInterrupt.add(bench.bytes.read16(0x1000) & 0xffffL);

        bench.cpu.read(WINDOW, 4, 0, _ -> atInterrupt.add(bench.bytes.read16(0x1000) & 0xffffL));
        device.watcher = packet -> {
            if (packet.kind() == Packet.Kind.MEMORY_READ) {
                device.send(device.write(0x1000, new byte[] {0x11}));
                Packet second = device.write(0x1001, new byte[] {0x22});
                second.attributes(relaxed, false, false);
                device.send(second);
                device.interrupt(0, 0x40);
                device.send(device.read(0x1000, 2, 1));
            }
        };
        bench.simulation.run();
        assertThat(atInterrupt)
                .as("what the interrupted CPU and the one that has read see, delays %s", delays)
                .containsExactly(0x2211L, 0x2211L);
        assertThat(device.got.getLast()).as("delays %s", delays).containsExactly(0x11, 0x22);
        bench.assertNothingLeft();
    }
}
