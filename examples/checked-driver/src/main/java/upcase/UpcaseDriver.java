package upcase;

import static flyby.dma.Direction.BIDIRECTIONAL;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static upcase.UpcaseRegisters.ADDRESS;
import static upcase.UpcaseRegisters.CONTROL;
import static upcase.UpcaseRegisters.DEVICE_ID;
import static upcase.UpcaseRegisters.ERROR;
import static upcase.UpcaseRegisters.LENGTH;
import static upcase.UpcaseRegisters.LENGTH_MAX;
import static upcase.UpcaseRegisters.START;
import static upcase.UpcaseRegisters.STATUS;
import static upcase.UpcaseRegisters.VENDOR_ID;

import flyby.bus.Completion;
import flyby.dma.Dma;
import flyby.kernel.Errno;
import flyby.kernel.Interrupts.Result;
import flyby.kernel.IoMemory;
import flyby.kernel.Kernel;
import flyby.kernel.KernelMemory;
import flyby.pci.PciDevice;
import flyby.pci.PciDriver;

/// The driver: one buffer, which is mapped as long as the driver is there, and handed to and fro.
public final class UpcaseDriver implements PciDriver {
    private static final String NAME = "upcase";

    private final Kernel kernel;
    private final Completion done = new Completion("the upcaser's interrupt");
    private IoMemory registers;
    private Dma dma;
    /// The buffer as the CPU sees it, and as the device does.
    private long buffer;

    private long dmaAddress;
    private long outcome;

    public UpcaseDriver(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean matches(int vendorId, int deviceId) {
        return vendorId == VENDOR_ID && deviceId == DEVICE_ID;
    }

    @Override
    public int probe(PciDevice device) {
        dma = device.dma();
        int error = device.enable();
        if (error != 0) {
            return error;
        }
        buffer = kernel.memory().kmalloc(LENGTH_MAX, "the text");
        if (buffer == KernelMemory.NONE) {
            return -Errno.ENOMEM;
        }
        dmaAddress = dma.mapSingle(buffer, LENGTH_MAX, BIDIRECTIONAL);
        if (dma.mappingError(dmaAddress) != 0) {
            kernel.memory().kfree(buffer);
            return -Errno.ENOMEM;
        }
        registers = device.map(0);
        kernel.interrupts().request(device.vector(0), NAME, this::onInterrupt);
        device.setMaster();
        return 0;
    }

    /// `text` in capital letters; null if the device has failed.
    ///
    /// @param text of 1 to 4,096 ASCII characters
    public String convert(String text) {
        byte[] bytes = text.getBytes(US_ASCII);
        dma.syncSingleForCpu(dmaAddress, bytes.length, BIDIRECTIONAL);
        kernel.cpu().storeBytes(buffer, bytes, 0, bytes.length);
        dma.syncSingleForDevice(dmaAddress, bytes.length, BIDIRECTIONAL);

        done.reset();
        registers.write32(ADDRESS, dmaAddress);
        registers.write32(LENGTH, bytes.length);
        registers.write32(CONTROL, START);
        kernel.cpu().await(done);

        dma.syncSingleForCpu(dmaAddress, bytes.length, BIDIRECTIONAL);
        kernel.cpu().loadBytes(buffer, bytes, 0, bytes.length);
        dma.syncSingleForDevice(dmaAddress, bytes.length, BIDIRECTIONAL);
        return (outcome & ERROR) == 0 ? new String(bytes, US_ASCII) : null;
    }

    /// Reading a register first brings the device's writes with it, should they still be on their way.
    private Result onInterrupt() {
        long status = registers.read32(STATUS);
        if (status == 0) {
            return Result.NONE;
        }
        outcome = status;
        registers.write32(STATUS, status);
        done.complete();
        return Result.HANDLED;
    }

    @Override
    public void remove(PciDevice device) {
        device.clearMaster();
        kernel.interrupts().free(device.vector(0), NAME);
        dma.unmapSingle(dmaAddress, LENGTH_MAX, BIDIRECTIONAL);
        kernel.memory().kfree(buffer);
    }
}
