package flyby.split;

import flyby.bus.Transaction;
import flyby.memory.PhysicalMemory;

/// The memory at the far end of the bus: addresses 0 up to its size.
final class MemoryTarget {
    private final PhysicalMemory memory;
    private final long memoryBytes;

    MemoryTarget(PhysicalMemory memory, long memoryBytes) {
        this.memory = memory;
        this.memoryBytes = memoryBytes;
    }

    /// Moves the bytes of a read, all or none.
    Transaction.Status read(Transaction read) {
        if (!isInside(read)) {
            return Transaction.Status.ADDRESS_ERROR;
        }
        memory.read(read.iova(), read.data(), 0, read.byteCount());
        return Transaction.Status.SUCCESS;
    }

    /// Moves the bytes of a write, all or none.
    Transaction.Status write(Transaction write) {
        if (!isInside(write)) {
            return Transaction.Status.ADDRESS_ERROR;
        }
        memory.write(write.iova(), write.data(), 0, write.byteCount());
        return Transaction.Status.SUCCESS;
    }

    private boolean isInside(Transaction transaction) {
        long address = transaction.iova();
        return address >= 0 && address <= memoryBytes - transaction.byteCount();
    }
}
