package flyby.root;

import flyby.pcie.CompletionStatus;
import flyby.pcie.Packet;
import flyby.pcie.PacketPool;
import flyby.sim.Event;
import flyby.sim.Simulation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One CPU's reads of lines of devices' memory: any number at once, each a request with a tag of its own.
final class LineReads {
    private static final int NO_TAG = -1;
    private static final byte[] NOWHERE = {};

    @SuppressWarnings("UnnecessaryLambda") // One for all reads, so that none is made for each.
    private static final Runnable NOBODY = () -> {};

    private final Simulation simulation;
    private final PacketPool pool;
    private final RootComplex root;
    private final String name;
    private final Processor owner;
    /// All that there ever were at once: used again and again.
    private final List<Line> lines = new ArrayList<>();

    LineReads(Simulation simulation, PacketPool pool, RootComplex root, String name, Processor owner) {
        this.simulation = simulation;
        this.pool = pool;
        this.root = root;
        this.name = name;
        this.owner = owner;
    }

    void read(long address, byte[] into, int offset, int byteCount, long transfer, Runnable arrived) {
        take().begin(address, into, offset, byteCount, transfer, arrived);
    }

    /// A completion has come for one of them, or for none.
    void completed(Packet packet) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).tag == packet.tag()) {
                lines.get(i).completed(packet);
                return;
            }
        }
    }

    /// What is below `port` does not answer any more.
    void linkDown(RootPort port) {
        for (Line line : lines) {
            if (line.tag != NO_TAG && line.asked == port) {
                line.fail(root.parameters().processorPicos());
            }
        }
    }

    void describe(List<String> sentences) {
        for (Line line : lines) {
            if (line.tag != NO_TAG && line.asked != null) {
                sentences.add("%s waits for a line at 0x%x through %s, tag %d, since %d ps"
                        .formatted(name, line.address, line.asked.name(), line.tag, line.sincePicos));
            }
        }
    }

    private Line take() {
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBusy) {
                return lines.get(i);
            }
        }
        Line line = new Line();
        lines.add(line);
        return line;
    }

    private final class Line {
        private final Event timeout = simulation.event(name + " line timeout", this::timedOut);
        private final Event answered = simulation.event(name + " line", this::finish);
        private boolean isBusy;
        private int tag = NO_TAG;
        private @Nullable RootPort asked;
        private long address;
        private long sincePicos;
        private byte[] into = NOWHERE;
        private int offset;
        private int byteCount;
        private int gotBytes;
        private Runnable arrived = NOBODY;

        void begin(
                long newAddress, byte[] newInto, int newOffset, int newByteCount, long transfer, Runnable newArrived) {
            isBusy = true;
            address = newAddress;
            into = newInto;
            offset = newOffset;
            byteCount = newByteCount;
            gotBytes = 0;
            arrived = newArrived;
            sincePicos = simulation.nowPicos();
            RootPort port = root.portOfMemory(address);
            asked = port;
            if (port == null || !port.isUp()) {
                fail(2 * root.parameters().processorPicos());
                return;
            }
            tag = root.tags().take(owner);
            Packet packet = pool.take().request(Packet.Kind.MEMORY_READ, RootComplex.ID, tag, address, byteCount);
            packet.transfer(transfer);
            timeout.in(root.parameters().completionTimeoutPicos());
            port.send(packet);
        }

        void completed(Packet packet) {
            if (packet.status() != CompletionStatus.SUCCESSFUL || packet.isPoisoned()) {
                fail(root.parameters().processorPicos());
                return;
            }
            int count = Math.min(packet.byteCount(), byteCount - gotBytes);
            System.arraycopy(packet.data(), 0, into, offset + gotBytes, count);
            gotBytes += count;
            if (gotBytes == byteCount) {
                over();
                answered.in(root.parameters().processorPicos());
            }
        }

        /// Reads as all ones, `delayPicos` from now: section 2.3.2.
        void fail(long delayPicos) {
            Arrays.fill(into, offset, offset + byteCount, (byte) -1);
            over();
            answered.in(delayPicos);
        }

        private void timedOut() {
            if (asked != null) {
                asked.timedOut();
            }
            fail(0);
        }

        private void over() {
            timeout.cancel();
            if (tag != NO_TAG) {
                root.tags().give(tag);
                tag = NO_TAG;
            }
        }

        private void finish() {
            Runnable whoWaits = arrived;
            arrived = NOBODY;
            into = NOWHERE;
            asked = null;
            isBusy = false;
            whoWaits.run();
        }
    }
}
