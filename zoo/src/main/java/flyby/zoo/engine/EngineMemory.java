package flyby.zoo.engine;

import static flyby.zoo.engine.EngineRegisters.MEMORY_BYTES;

import flyby.base.LittleEndian;
import flyby.bus.DeviceHost;
import flyby.sim.Alarm;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/// The engine's own memory: where operations put what they read, and take what they write.
///
/// Writes by the CPU may wait in a queue that empties slowly. Reads by the CPU wait for it, operations do not.
final class EngineMemory {
    private record Waiting(int offset, int byteCount, long value) {}

    private final byte[] bytes = new byte[MEMORY_BYTES];
    private final Deque<Waiting> queue = new ArrayDeque<>();
    private final long drainPicos;
    private final Alarm drained;

    /// @param drainPicos that each write by the CPU takes
    EngineMemory(DeviceHost host, String name, long drainPicos) {
        this.drainPicos = drainPicos;
        drained = host.alarm(name + " memory", this::drain);
    }

    void reset() {
        drained.cancel();
        queue.clear();
        Arrays.fill(bytes, (byte) 0);
    }

    long read(long offset, int byteCount) {
        while (!queue.isEmpty()) {
            put(queue.removeFirst());
        }
        drained.cancel();
        return LittleEndian.get(bytes, (int) offset, byteCount);
    }

    void write(long offset, int byteCount, long value) {
        Waiting write = new Waiting((int) offset, byteCount, value);
        if (drainPicos == 0) {
            put(write);
        } else {
            queue.addLast(write);
            if (!drained.isPending()) {
                drained.in(drainPicos);
            }
        }
    }

    private void drain() {
        put(queue.removeFirst());
        if (!queue.isEmpty()) {
            drained.in(drainPicos);
        }
    }

    private void put(Waiting write) {
        LittleEndian.put(write.value(), bytes, write.offset(), write.byteCount());
    }

    /// Whether a write to some of `byteCount` bytes from `offset` on is still in the queue.
    boolean isWaiting(int offset, int byteCount) {
        return queue.stream()
                .anyMatch(write -> write.offset() < offset + byteCount && offset < write.offset() + write.byteCount());
    }

    /// What an operation takes.
    byte[] take(int offset, int byteCount) {
        return Arrays.copyOfRange(bytes, offset, offset + byteCount);
    }

    /// What an operation brings.
    void bring(int offset, byte[] brought) {
        System.arraycopy(brought, 0, bytes, offset, brought.length);
    }
}
