package flyby.link;

import flyby.base.Check;
import flyby.pcie.Packet;
import flyby.pcie.PacketPool;
import flyby.pcie.WriteRun;
import flyby.sim.Event;
import flyby.sim.Simulation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// A link for tests of what sits at its ends: everything arrives in its order after the same time, and there is
/// always room. Counts what has not been freed.
public final class StraightLink {
    private final Simulation simulation;
    private final PacketPool pool;
    private final long picos;
    private final End upstream;
    private final End downstream;
    private boolean up = true;

    public StraightLink(Simulation simulation, PacketPool pool, long picos) {
        this.simulation = simulation;
        this.pool = pool;
        this.picos = picos;
        upstream = new End("upstream");
        downstream = new End("downstream");
    }

    /// The end towards the root complex: a downstream port sits here.
    public End upstream() {
        return upstream;
    }

    /// The end at which an endpoint sits.
    public End downstream() {
        return downstream;
    }

    /// What flies is lost, and both ends are told.
    public void takeDown() {
        if (up) {
            up = false;
            upstream.lose();
            downstream.lose();
            upstream.tell();
            downstream.tell();
        }
    }

    /// Packets pass again.
    public void bringUp() {
        if (!up) {
            up = true;
            upstream.tell();
            downstream.tell();
        }
    }

    /// One of the two.
    public final class End implements LinkEnd {
        private final String name;
        private final Queue<Packet> flying = new ArrayDeque<>();
        private final Queue<Long> arrivals = new ArrayDeque<>();
        private final Event arrival;
        private @Nullable PacketReceiver receiver;
        private int heldCount;

        private End(String name) {
            this.name = name;
            this.arrival = simulation.event(name, this::arrive);
        }

        /// How many packets have arrived here and have not been freed.
        public int heldCount() {
            return heldCount;
        }

        @Override
        public void receiver(PacketReceiver newReceiver) {
            receiver = newReceiver;
        }

        @Override
        public TransmitQueue queue(String queueName) {
            return new TransmitQueue() {
                private final List<SentListener> listeners = new ArrayList<>();

                @Override
                public void send(Packet packet) {
                    listeners.forEach(listener -> listener.sent(packet));
                    other().fly(packet);
                }

                @Override
                public void send(WriteRun run) {
                    while (run.nextBytes() > 0) {
                        Packet packet = pool.take();
                        run.fill(packet);
                        other().fly(packet);
                    }
                    run.complete();
                }

                @Override
                public void whenSent(SentListener listener) {
                    listeners.add(listener);
                }
            };
        }

        private End other() {
            return this == upstream ? downstream : upstream;
        }

        private void fly(Packet packet) {
            if (!up) {
                packet.recycle();
                return;
            }
            flying.add(packet);
            arrivals.add(simulation.nowPicos() + picos);
            if (flying.size() == 1) {
                arrival.in(picos);
            }
        }

        private void arrive() {
            Packet packet = flying.remove();
            arrivals.remove();
            heldCount++;
            Long next = arrivals.peek();
            if (next != null) {
                arrival.at(next);
            }
            if (receiver == null) {
                throw Check.bug("nobody sits at the %s end", name);
            }
            receiver.received(packet);
        }

        @Override
        public void free(Packet packet) {
            heldCount--;
            Check.that(heldCount >= 0, "%s frees more than it has", name);
        }

        @Override
        public void holdReset(boolean held) {
            if (held) {
                takeDown();
            } else {
                bringUp();
            }
        }

        @Override
        public boolean isUp() {
            return up;
        }

        private void lose() {
            flying.forEach(Packet::recycle);
            flying.clear();
            arrivals.clear();
            arrival.cancel();
        }

        private void tell() {
            if (receiver != null) {
                receiver.linkChanged(up);
            }
        }
    }
}
