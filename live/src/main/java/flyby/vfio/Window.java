package flyby.vfio;

import flyby.posix.SharedMemory;
import org.jspecify.annotations.Nullable;

/// A part of the client's memory that the device may reach, as one DMA_MAP has told it.
final class Window {
    private final long address;
    private final long byteCount;
    private final boolean canRead;
    private final boolean canWrite;
    private final @Nullable SharedMemory memory;
    /// Messages to the client about it that have not been answered.
    private int underWay;

    /// @param address as the device sees it
    /// @param memory null if the client has to be asked for each access
    Window(long address, long byteCount, boolean canRead, boolean canWrite, @Nullable SharedMemory memory) {
        this.address = address;
        this.byteCount = byteCount;
        this.canRead = canRead;
        this.canWrite = canWrite;
        this.memory = memory;
    }

    long address() {
        return address;
    }

    long byteCount() {
        return byteCount;
    }

    /// The first address behind it.
    long end() {
        return address + byteCount;
    }

    boolean canRead() {
        return canRead;
    }

    boolean canWrite() {
        return canWrite;
    }

    @Nullable
    SharedMemory memory() {
        return memory;
    }

    boolean contains(long wanted) {
        return wanted >= address && wanted < end();
    }

    void begun() {
        underWay++;
    }

    void ended() {
        underWay--;
    }

    boolean isInUse() {
        return underWay > 0;
    }

    /// Gives the memory back.
    void close() {
        if (memory != null) {
            memory.close();
        }
    }

    @Override
    public String toString() {
        return "0x%x+0x%x %s%s".formatted(address, byteCount, canRead ? "r" : "-", canWrite ? "w" : "-");
    }
}
