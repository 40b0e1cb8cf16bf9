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

    /// Moves the bytes of `transaction`, all or none.
    Transaction.Status access(Transaction transaction, boolean isRead) {
        long address = transaction.iova();
        int byteCount = transaction.byteCount();
        if (address < 0 || address > memoryBytes - byteCount) {
            return Transaction.Status.ADDRESS_ERROR;
        }
        if (isRead) {
            memory.read(address, transaction.data(), 0, byteCount);
        } else {
            memory.write(address, transaction.data(), 0, byteCount);
        }
        return Transaction.Status.SUCCESS;
    }
}
