package flyby.machine;

import flyby.link.LinkEnd;
import flyby.link.PacketReceiver;
import flyby.link.TransmitQueue;
import flyby.pcie.Packet;
import flyby.pcie.WriteRun;
import flyby.sim.Simulation;

/// A [LinkEnd] that tells the trace in which phase the transfers are whose packets pass: on the link from when they
/// are handed to it, and with whoever sits here once they have arrived.
final class PhasedEnd implements LinkEnd {
    /// Instead of a phase: none begins.
    static final int SAME = -1;

    private final LinkEnd end;
    private final Simulation simulation;
    private final int linkPhase;
    private final int herePhase;

    /// @param linkPhase what the trace calls the time on the link
    /// @param herePhase what it calls the time from the arrival here on, or [#SAME] if somebody else says so
    PhasedEnd(LinkEnd end, Simulation simulation, int linkPhase, int herePhase) {
        this.end = end;
        this.simulation = simulation;
        this.linkPhase = linkPhase;
        this.herePhase = herePhase;
    }

    @Override
    public void receiver(PacketReceiver receiver) {
        end.receiver(new PacketReceiver() {
            @Override
            public void received(Packet packet) {
                // Nobody waits for a write any more.
                if (packet.kind() != Packet.Kind.MEMORY_WRITE) {
                    phase(herePhase, packet.transfer());
                }
                receiver.received(packet);
            }

            @Override
            public void linkChanged(boolean up) {
                receiver.linkChanged(up);
            }
        });
    }

    @Override
    public TransmitQueue queue(String name) {
        TransmitQueue queue = end.queue(name);
        return new TransmitQueue() {
            @Override
            public void send(Packet packet) {
                phase(linkPhase, packet.transfer());
                queue.send(packet);
            }

            @Override
            public void send(WriteRun run) {
                queue.send(run);
            }

            @Override
            public void whenSent(SentListener listener) {
                queue.whenSent(listener);
            }
        };
    }

    @Override
    public void free(Packet packet) {
        end.free(packet);
    }

    @Override
    public void holdReset(boolean held) {
        end.holdReset(held);
    }

    @Override
    public boolean isUp() {
        return end.isUp();
    }

    @Override
    public void catchUp() {
        end.catchUp();
    }

    private void phase(int phase, long transfer) {
        if (phase != SAME && transfer != 0) {
            simulation.trace().phase(simulation.nowPicos(), transfer, phase);
        }
    }
}
