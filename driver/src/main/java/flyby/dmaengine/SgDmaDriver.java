package flyby.dmaengine;

import static flyby.sgdma.layout.SgRegisters.CAPABILITY;
import static flyby.sgdma.layout.SgRegisters.CAPABILITY_CHANNELS;
import static flyby.sgdma.layout.SgRegisters.ENGINE;
import static flyby.sgdma.layout.SgRegisters.ENGINE_RESET;
import static flyby.sgdma.layout.SgRegisters.LENGTH_MAX;

import flyby.dma.Dma;
import flyby.kernel.Errno;
import flyby.kernel.IoMemory;
import flyby.kernel.Kernel;
import flyby.pci.PciDevice;
import flyby.pci.PciDriver;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// The driver of the scatter-gather DMA engine: finds its channels and gives each its memory and its interrupt.
public final class SgDmaDriver implements PciDriver {
    private static final int VENDOR = 0xf1b0;
    private static final int DEVICE = 0x0012;

    private final int descriptorCount;

    /// @param descriptorCount how many descriptors each channel has room for, 2 or more
    public SgDmaDriver(int descriptorCount) {
        this.descriptorCount = descriptorCount;
    }

    /// What the driver keeps of a device.
    private record Bound(
            IoMemory registers, List<DmaChan> channels, List<ChannelQueue> queues, List<DescriptorMemory> memories) {}

    @Override
    public String name() {
        return "sg-dma";
    }

    @Override
    public boolean matches(int vendorId, int deviceId) {
        return vendorId == VENDOR && deviceId == DEVICE;
    }

    /// The channels of `device`, which is bound to this driver. `dma_request_chan`.
    public static List<DmaChan> channels(PciDevice device) {
        return List.copyOf(bound(device).channels);
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
        IoMemory registers = device.map(0);
        if (registers == null) {
            return -Errno.ENODEV;
        }
        error = device.dma().setMaskAndCoherent(Dma.bitMask(64));
        if (error != 0) {
            return error;
        }
        registers.write32(ENGINE, ENGINE_RESET.mask());
        long capability = registers.read32(CAPABILITY);
        int count = (int) CAPABILITY_CHANNELS.of(capability);
        if (capability == 0xffff_ffffL || count == 0 || count > device.vectorCount()) {
            return -Errno.ENODEV;
        }
        device.setMaster();
        Bound bound = new Bound(registers, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        device.setDriverData(bound);
        long lengthMax = registers.read32(LENGTH_MAX);
        for (int i = 0; i < count; i++) {
            error = add(device, bound, i, lengthMax);
            if (error != 0) {
                remove(device);
                return error;
            }
        }
        return 0;
    }

    private int add(PciDevice device, Bound bound, int index, long lengthMax) {
        Kernel kernel = device.kernel();
        DescriptorMemory memory = DescriptorMemory.allocate(kernel, device.dma(), descriptorCount);
        if (memory == null) {
            return -Errno.ENOMEM;
        }
        ChannelQueue queue = new ChannelQueue(kernel, bound.registers, index, memory);
        int error = kernel.interrupts().request(device.vector(index), name(device, index), queue::interrupt);
        if (error != 0) {
            memory.release();
            return error;
        }
        bound.memories.add(memory);
        bound.queues.add(queue);
        bound.channels.add(new DmaChan(queue, memory, lengthMax));
        return 0;
    }

    private static String name(PciDevice device, int index) {
        return device.name() + "-ch" + index;
    }

    @Override
    public void remove(PciDevice device) {
        Bound bound = bound(device);
        for (int i = 0; i < bound.channels.size(); i++) {
            bound.channels.get(i).terminateAll();
            device.kernel().interrupts().free(device.vector(i), name(device, i));
            bound.queues.get(i).remove();
        }
        bound.registers.write32(ENGINE, ENGINE_RESET.mask());
        // The read comes back after the reset: nothing of the engine is on its way to memory that is freed.
        bound.registers.read32(CAPABILITY);
        device.clearMaster();
        bound.memories.forEach(DescriptorMemory::release);
    }
}
