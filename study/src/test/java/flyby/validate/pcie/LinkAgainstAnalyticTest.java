package flyby.validate.pcie;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.choice.Choices;
import flyby.choice.Property;
import flyby.link.Link;
import flyby.link.LinkEnd;
import flyby.link.LinkParameters;
import flyby.link.PacketReceiver;
import flyby.link.ReceiveBuffer;
import flyby.link.TransmitQueue;
import flyby.pcie.CompletionStatus;
import flyby.pcie.Generation;
import flyby.pcie.LinkRate;
import flyby.pcie.LinkWidth;
import flyby.pcie.Packet;
import flyby.pcie.PacketPool;
import flyby.pcie.Segmentation;
import flyby.pcie.WriteRun;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import org.junit.jupiter.api.Test;

/// The link, packet by packet, against the published analytic model: its bandwidth lies between the model's, which
/// charges every direction with Acks and UpdateFCs as often as they may come, and that of TLPs alone.
final class LinkAgainstAnalyticTest {
    private static final long ADDRESS = 1L << 32;
    private static final int TRANSFERS = 3_000;
    private static final int OUTSTANDING = 256;

    /// With 128b/130b a SKP ordered set is a block of 375, the model's are 4 bytes of 1,538.
    private static final double SKIP_DIFFERENCE = 1.0 / 375 - 4.0 / 1_538;

    @Test
    void saturatedWritesLieBetweenTheModelAndTlpsAlone() {
        Property.check(60, choices -> {
            AnalyticLink analytic = analytic(choices);
            int byteCount = 4 * (1 + (int) choices.below(1_024));
            Writes writes = new Writes(analytic, byteCount);
            double gigabits = writes.run();
            double least = analytic.writeGigabits(byteCount);
            check(analytic, byteCount, gigabits, least);
        });
    }

    @Test
    void readsLieBetweenTheModelAndTlpsAlone() {
        Property.check(60, choices -> {
            AnalyticLink analytic = analytic(choices);
            int byteCount = 4 * (1 + (int) choices.below(1_024));
            double gigabits = new Reads(analytic, byteCount).run();
            check(analytic, byteCount, gigabits, analytic.readGigabits(byteCount));
        });
    }

    private static void check(AnalyticLink analytic, int byteCount, double gigabits, double least) {
        double most = least * analytic.rawGigabits() / analytic.tlpGigabits();
        assertThat(gigabits)
                .as("%s, %d bytes", analytic, byteCount)
                .isBetween(least * (1 - SKIP_DIFFERENCE), most * 1.000_01);
    }

    /// One of those whose intervals of Ack and UpdateFC the published figures have.
    private static AnalyticLink analytic(Choices choices) {
        int request = choices.pick(128, 256, 512, 1_024, 4_096);
        return choices.pick(
                AnalyticLink.of(Generation.GEN1, LinkWidth.X1, 128, request),
                AnalyticLink.of(Generation.GEN2, LinkWidth.X4, 128, request),
                AnalyticLink.of(Generation.GEN2, LinkWidth.X8, 128, request),
                AnalyticLink.of(Generation.GEN3, LinkWidth.X4, 256, request),
                AnalyticLink.of(Generation.GEN3, LinkWidth.X8, 512, request),
                AnalyticLink.of(Generation.GEN4, LinkWidth.X8, 128, request),
                AnalyticLink.of(Generation.GEN4, LinkWidth.X16, 512, request),
                AnalyticLink.of(Generation.GEN5, LinkWidth.X16, 256, request));
    }

    /// A link that counts the bytes that arrive at one end, from the first packet's arrival on.
    private abstract static class Count implements PacketReceiver {
        final Simulation simulation = new Simulation(0, Trace.off());
        final PacketPool pool = new PacketPool(512);
        final AnalyticLink analytic;
        final int byteCount;
        final Link link;
        private long bytes;
        private long firstPicos = -1;
        private long lastPicos;

        Count(AnalyticLink analytic, int byteCount) {
            this.analytic = analytic;
            this.byteCount = byteCount;
            ReceiveBuffer buffer = ReceiveBuffer.endpoint(256, 4_096, 2 * OUTSTANDING, 32);
            LinkRate rate = new LinkRate(analytic.generation(), analytic.width());
            int payload = analytic.limits().maxPayloadBytes();
            link = new Link(
                    simulation,
                    pool,
                    "l",
                    LinkParameters.of(rate, payload, 1_000).withBuffers(buffer, buffer));
        }

        void count(Packet packet) {
            lastPicos = simulation.nowPicos();
            if (firstPicos < 0) {
                firstPicos = lastPicos;
            } else {
                bytes += packet.payloadBytes();
            }
        }

        double gigabits() {
            simulation.run();
            return 8_000.0 * bytes / (lastPicos - firstPicos);
        }

        @Override
        public void linkChanged(boolean up) {
            throw new IllegalStateException("nobody takes it down");
        }
    }

    private static final class Writes extends Count {
        private final byte[] data;
        private final TransmitQueue queue;
        private int left = TRANSFERS;

        Writes(AnalyticLink analytic, int byteCount) {
            super(analytic, byteCount);
            data = new byte[byteCount];
            queue = link.downstream().queue("writer");
            link.upstream().receiver(this);
        }

        double run() {
            // Two, so that one waits while the other goes.
            send(new WriteRun(this::send));
            send(new WriteRun(this::send));
            return gigabits();
        }

        private void send(WriteRun run) {
            if (left-- > 0) {
                run.begin(data, 0, byteCount, 0x100, ADDRESS, analytic.limits(), 0);
                queue.send(run);
            }
        }

        @Override
        public void received(Packet packet) {
            count(packet);
            link.upstream().free(packet);
            packet.recycle();
        }
    }

    private static final class Reads extends Count {
        private final TransmitQueue requests;
        private final Segmentation limits;
        private int left = TRANSFERS;
        private int offset;

        Reads(AnalyticLink analytic, int byteCount) {
            super(analytic, byteCount);
            limits = analytic.limits();
            requests = link.downstream().queue("reader");
            LinkEnd end = link.upstream();
            TransmitQueue completions = end.queue("completer");
            end.receiver(new PacketReceiver() {
                @Override
                public void received(Packet request) {
                    complete(request, completions);
                    end.free(request);
                    request.recycle();
                }

                @Override
                public void linkChanged(boolean up) {
                    throw new IllegalStateException("nobody takes it down");
                }
            });
            link.downstream().receiver(this);
        }

        double run() {
            for (int i = 0; i < OUTSTANDING; i++) {
                request();
            }
            return gigabits();
        }

        private void request() {
            if (left > 0) {
                int count = limits.readBytes(ADDRESS + offset, byteCount - offset);
                requests.send(pool.take().request(Packet.Kind.MEMORY_READ, 0x100, 0, ADDRESS + offset, count));
                offset += count;
                if (offset == byteCount) {
                    offset = 0;
                    left--;
                }
            }
        }

        private void complete(Packet request, TransmitQueue completions) {
            int done = 0;
            while (done < request.byteCount()) {
                long address = request.address() + done;
                int rest = request.byteCount() - done;
                int count = limits.completionBytes(address, rest);
                completions.send(
                        pool.take().completion(CompletionStatus.SUCCESSFUL, 0, 0x100, 0, address, count, rest));
                done += count;
            }
        }

        @Override
        public void received(Packet completion) {
            count(completion);
            if (completion.remainingBytes() == completion.byteCount()) {
                request();
            }
            link.downstream().free(completion);
            completion.recycle();
        }
    }
}
