package flyby.subjects;

import flyby.driver.NicDriver;
import flyby.kernel.IoMemory;
import flyby.pci.PciDevice;
import flyby.topology.Card;
import flyby.topology.DeviceKind;
import flyby.trial.Bench;
import flyby.trial.Scene;
import flyby.trial.Subject;
import java.util.List;
import java.util.Objects;

/// A small network card and its driver: packets come in, and packets leave.
public final class NicSubject implements Subject {
    private static final int PACKETS = 8;
    private static final int POSTED = 4;
    private static final int PACKET_BYTES = 512;
    private static final int BUFFER_BYTES = 2048;

    private final int packets;
    private int received;

    public NicSubject() {
        this(PACKETS);
    }

    /// One that receives as many packets.
    public NicSubject(int packets) {
        this.packets = packets;
    }

    @Override
    public String name() {
        return "nic";
    }

    @Override
    public List<Card> cards(Scene scene) {
        // One that does what its driver believes.
        return List.of(ShelfCard.wired(DeviceKind.MALICIOUS_NIC, "nic.packet=512 B", "nic.interval=20 us"));
    }

    @Override
    public void run(Bench bench) {
        PciDevice device = bench.pci();
        device.enable();
        device.setMaster();
        IoMemory registers = Objects.requireNonNull(device.map(0));
        NicDriver driver = new NicDriver(
                bench.kernel(),
                device.dma(),
                registers.address(0),
                device.vector(0),
                BUFFER_BYTES,
                NicDriver.UNWATCHED);
        driver.open();
        for (int i = 0; i < POSTED; i++) {
            expectPosted(bench, driver.postReceive());
        }
        while (received < packets) {
            expectPosted(bench, driver.send(Pattern.bytes(received, PACKET_BYTES), PACKET_BYTES));
            int before = received;
            driver.serve((packet, byteCount) -> take(bench, packet, byteCount));
            for (int i = before; i < received; i++) {
                expectPosted(bench, driver.postReceive());
            }
        }
        driver.stop();
        driver.remove();
        device.clearMaster();
    }

    private static void expectPosted(Bench bench, int error) {
        bench.expect(error == 0, "a buffer is posted with error " + error);
    }

    /// Each byte of a packet is one more than that before.
    private void take(Bench bench, byte[] packet, int byteCount) {
        received++;
        bench.expect(byteCount == PACKET_BYTES, "a packet of " + byteCount + " bytes");
        for (int i = 1; i < byteCount; i++) {
            if (packet[i] != (byte) (packet[i - 1] + 1)) {
                bench.expect(false, "packet " + received + " has " + packet[i] + " at byte " + i);
                return;
            }
        }
    }
}
