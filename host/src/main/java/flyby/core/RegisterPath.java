package flyby.core;

import flyby.root.ProcessorPort;
import flyby.sim.Coroutine;
import java.util.function.Supplier;

/// A core's accesses to registers: its methods are called by the coroutine that has the core and let time pass.
///
/// A read is answered some time later, and the core waits. A write is posted; the core waits only before the next
/// one, if there is no room.
final class RegisterPath {
    private final ProcessorPort port;
    private final ProcessorPort.Reader reader = this::answered;
    private final Runnable room = this::roomAgain;
    private final Supplier<Coroutine> core;
    private boolean waitsForAnswer;
    private boolean hasRoom = true;
    private long answer;

    /// @param core who waits
    RegisterPath(ProcessorPort port, Supplier<Coroutine> core) {
        this.port = port;
        this.core = core;
    }

    /// What the register at `address` holds: `byteCount` bytes (1, 2, 4 or 8). A write before it that is not posted,
    /// of configuration space, is over first: SDM volume 3, section 11.3, on strong ordering of uncached accesses.
    long read(long address, int byteCount, long transfer) {
        while (!hasRoom) {
            self().park("room behind a register write");
        }
        waitsForAnswer = true;
        port.read(address, byteCount, transfer, reader);
        while (waitsForAnswer) {
            self().park("the answer of a register");
        }
        return answer;
    }

    /// Writes `byteCount` bytes (1 to 64) of `from` at `address`.
    void write(long address, byte[] from, int offset, int byteCount, long transfer) {
        while (!hasRoom) {
            self().park("room for a register write");
        }
        hasRoom = port.write(address, from, offset, byteCount, transfer, room);
    }

    private void answered(long value) {
        answer = value;
        waitsForAnswer = false;
        self().wake();
    }

    private void roomAgain() {
        hasRoom = true;
        self().wake();
    }

    private Coroutine self() {
        return core.get();
    }
}
