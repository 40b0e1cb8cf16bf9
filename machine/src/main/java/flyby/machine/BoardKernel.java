package flyby.machine;

import flyby.bus.Cpu;
import flyby.dma.Dma;
import flyby.dmar.DmaSpace;
import flyby.kernel.IoMemory;
import flyby.kernel.Kernel;
import flyby.kernel.KernelLog;
import flyby.kernel.KernelMemory;
import flyby.topology.Seams;

/// The kernel of a machine with a [Mainboard], as far as drivers see it. Devices reach memory by its physical
/// addresses, as far as their address lines go.
public final class BoardKernel {
    private static final int NO_LINES = 1;

    private final Kernel kernel;
    private final Dma.Platform platform;
    private final Seams seams;

    /// On `cpu` of `board`, before any driver.
    public BoardKernel(Mainboard board, Cpu cpu) {
        Mainboard.CacheShape cache = board.parameters().cache();
        int lineBytes = cache == null ? NO_LINES : cache.lineBytes();
        long begin = pages(Mainboard.BUFFER);
        long end = Math.max(pages(board.parameters().memoryBytes()), begin + KernelMemory.PAGE_BYTES);
        kernel = new Kernel(cpu, new KernelMemory(begin, end, Math.max(lineBytes, Long.BYTES)), new KernelLog());
        seams = board.seams();
        seams.kernel(kernel);
        // Nobody snoops on a classic bus.
        platform = new Dma.Platform(cache == null, lineBytes);
    }

    /// The same, with `bufferBytes` from [Mainboard#BUFFER] on set aside for a driver.
    public BoardKernel(Mainboard board, Cpu cpu, long bufferBytes) {
        this(board, cpu);
        kernel.memory().reserve(Mainboard.BUFFER, bufferBytes, "buffer");
    }

    private static long pages(long address) {
        return address & -KernelMemory.PAGE_BYTES;
    }

    public Kernel kernel() {
        return kernel;
    }

    /// The DMA API of a device that drives `addressBits` bits of an address.
    public Dma dma(String device, int addressBits) {
        Dma dma = new Dma(kernel, device, DmaSpace.passThrough(), platform);
        dma.setMaskAndCoherent(Dma.bitMask(addressBits));
        seams.dma(Mainboard.BUS, dma);
        return dma;
    }

    /// The registers that are mapped at `address`. `ioremap`.
    public IoMemory map(long address, long byteCount) {
        return new IoMemory(kernel, address, byteCount);
    }
}
