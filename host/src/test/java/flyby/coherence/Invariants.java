package flyby.coherence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;

/// What must hold of all caches together between two accesses, whatever happened: checked without looking at how it
/// came about.
final class Invariants {
    private final Interconnect machine;

    Invariants(CoherentMemory memory) {
        this.machine = memory.interconnect();
    }

    void check() {
        for (Socket socket : machine.sockets) {
            for (int slot = 0; slot < socket.lines.slots(); slot++) {
                if (!socket.lines.isFree(slot)) {
                    checkSlot(socket, slot);
                }
            }
            for (CoreCache core : socket.cores) {
                checkCore(socket, core);
            }
        }
    }

    private void checkSlot(Socket socket, int slot) {
        long line = socket.lines.lines[slot];
        String where = "line " + line + " in socket " + socket.index;
        assertThat(socket.lines.find(line)).as("%s is there once", where).isEqualTo(slot);
        byte state = socket.lines.states[slot];
        if (state != LineState.SHARED) {
            for (Socket other : machine.sockets) {
                assertThat(other == socket || other.lines.find(line) == LineArray.NONE)
                        .as("%s is in state %d and there alone", where, state)
                        .isTrue();
            }
        }
        byte[] newest = bytes(socket.newestIn(slot), socket.newestAt(slot));
        boolean ownerModified = false;
        for (int i = 0; i < socket.cores.length; i++) {
            CoreCache core = socket.cores[i];
            byte inCore = core.state(line);
            assertThat((socket.holders[slot] >>> i & 1) == 1)
                    .as("%s: the directory knows about core %d", where, i)
                    .isEqualTo(inCore != LineState.INVALID);
            if (inCore == LineState.INVALID) {
                continue;
            }
            assertThat(socket.owners[slot] == i)
                    .as("%s: core %d has it in state %d and owns it", where, i, inCore)
                    .isEqualTo(inCore != LineState.SHARED);
            if (inCore != LineState.SHARED) {
                assertThat(Long.bitCount(socket.holders[slot]))
                        .as("%s: an owner is alone", where)
                        .isEqualTo(1);
                assertThat(state).as("%s is owned by a core", where).isNotEqualTo(LineState.SHARED);
            }
            ownerModified |= inCore == LineState.MODIFIED;
            assertThat(bytes(core.lines.data, core.dataOf(line))).as(where).isEqualTo(newest);
        }
        if (socket.lines.hasData(slot) && !ownerModified) {
            assertThat(bytes(socket.lines.data, socket.lines.dataOf(slot)))
                    .as(where)
                    .isEqualTo(newest);
        }
        if (!socket.lines.hasData(slot)) {
            assertThat(socket.holders[slot])
                    .as("%s: without bytes, somebody has them", where)
                    .isNotZero();
        }
        if (state != LineState.MODIFIED
                && !ownerModified
                && machine.parameters.io().snoops()) {
            assertThat(inMemory(line)).as("%s is clean", where).isEqualTo(newest);
        }
    }

    private static void checkCore(Socket socket, CoreCache core) {
        for (int slot = 0; slot < core.lines.slots(); slot++) {
            if (!core.lines.isFree(slot)) {
                assertThat(core.lines.find(core.lines.lines[slot])).isEqualTo(slot);
                assertThat(socket.lines.find(core.lines.lines[slot])).isNotEqualTo(LineArray.NONE);
            }
        }
    }

    private byte[] inMemory(long line) {
        byte[] bytes = new byte[Shape.LINE];
        machine.bytes.read(line * Shape.LINE, bytes, 0, Shape.LINE);
        return bytes;
    }

    private static byte[] bytes(byte[] from, int offset) {
        return Arrays.copyOfRange(from, offset, offset + Shape.LINE);
    }
}
