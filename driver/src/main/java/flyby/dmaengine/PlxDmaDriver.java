package flyby.dmaengine;

import flyby.dma.CoherentBuffer;
import flyby.dma.Dma;
import flyby.kernel.Errno;
import flyby.kernel.IoMemory;
import flyby.kernel.Kernel;
import flyby.pci.PciDevice;
import flyby.pci.PciDriver;
import flyby.plx.layout.PlxDescriptor;
import java.util.Objects;

/// Drives PLX's DMA engine register by register as Linux's `plx_dma` does, so that the same engine sees the same on a
/// simulated machine and in a guest.
public final class PlxDmaDriver implements PciDriver {
    private static final int VENDOR = 0x10b5;
    private static final int DEVICE = 0x87d0;
    private static final int ADDRESS_BITS = 48;

    /// What the driver keeps of a device.
    private record Bound(PlxDmaChan channel, CoherentBuffer ring) {}

    private final int ringCount;

    /// @param ringCount how many descriptors the ring has: a power of two; Linux's has 2,048
    public PlxDmaDriver(int ringCount) {
        this.ringCount = ringCount;
    }

    @Override
    public String name() {
        return "plx_dma";
    }

    @Override
    public boolean matches(int vendorId, int deviceId) {
        return vendorId == VENDOR && deviceId == DEVICE;
    }

    /// The channel of `device`, which is bound to this driver. `dma_request_chan`.
    public static PlxDmaChan channel(PciDevice device) {
        return bound(device).channel;
    }

    private static Bound bound(PciDevice device) {
        return (Bound) Objects.requireNonNull(device.driverData(), "no driver");
    }

    @Override
    public int probe(PciDevice device) {
        int error = device.enable();
        if (error != 0) {
            return error;
        }
        error = device.dma().setMaskAndCoherent(Dma.bitMask(ADDRESS_BITS));
        if (error != 0) {
            return error;
        }
        IoMemory registers = device.map(0);
        if (registers == null || device.vectorCount() == 0) {
            return -Errno.ENODEV;
        }
        CoherentBuffer ring = device.dma().allocCoherent((long) ringCount * PlxDescriptor.BYTES);
        if (ring == null) {
            return -Errno.ENOMEM;
        }
        Kernel kernel = device.kernel();
        PlxDmaChan channel = new PlxDmaChan(kernel, registers, ring, ringCount);
        error = kernel.interrupts().request(device.vector(0), device.name(), channel::interrupt);
        if (error != 0) {
            device.dma().freeCoherent(ring.byteCount(), ring.cpuAddress(), ring.dmaAddress());
            return error;
        }
        device.setMaster();
        device.setDriverData(new Bound(channel, ring));
        channel.start();
        return 0;
    }

    @Override
    public void remove(PciDevice device) {
        Bound bound = bound(device);
        bound.channel.stop();
        device.kernel().interrupts().free(device.vector(0), device.name());
        device.clearMaster();
        bound.channel.abort();
        CoherentBuffer ring = bound.ring;
        device.dma().freeCoherent(ring.byteCount(), ring.cpuAddress(), ring.dmaAddress());
    }
}
