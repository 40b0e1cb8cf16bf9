package flyby.root;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.base.LittleEndian;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.bus.Transaction.Tenure;
import flyby.choice.Choices;
import flyby.choice.Property;
import flyby.root.FoundFunction.Bar;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Random traffic over random trees, with room for hardly a packet: every request is answered exactly once, by the
/// right function, with the right bytes; nothing is lost and nobody waits for ever.
final class TreeTrafficTest {
    @Test
    void everyRequestIsAnsweredOnceByTheRightFunction() {
        Property.check(150, choices -> {
            Tree tree = Tree.random(choices, choices.chance(1, 2));
            tree.enumerate();
            List<Requester> requesters = new ArrayList<>();
            for (Leaf leaf : tree.leaves) {
                for (int i = 0; i < 3; i++) {
                    requesters.add(new Requester(tree, leaf, choices, i));
                }
            }
            Reader cpu = new Reader(tree, choices);
            requesters.forEach(Requester::next);
            cpu.next();
            tree.simulation.run();

            assertThat(tree.waiting()).isEmpty();
            assertThat(cpu.left).isZero();
            assertThat(tree.pool.takenCount()).isZero();
            List<Long> expected = new ArrayList<>(cpu.wrote);
            for (Requester requester : requesters) {
                assertThat(requester.left).isZero();
                expected.addAll(requester.wrote);
            }
            List<Long> arrived = new ArrayList<>();
            for (Leaf leaf : tree.leaves) {
                leaf.written.forEach(value -> assertThat(owner(value)).isEqualTo(leaf.index));
                arrived.addAll(leaf.written);
            }
            assertThat(arrived).containsExactlyInAnyOrderElementsOf(expected);
        });
    }

    /// Whether `from` may reach registers of `to` without the root complex's help.
    private static boolean isPeer(Tree tree, Leaf from, Leaf to) {
        return from.function.id() >>> 8 != to.function.id() >>> 8
                && (tree.root.parameters().peerToPeer()
                        || tree.root.portOfBus(from.function.id() >>> 8)
                                == tree.root.portOfBus(to.function.id() >>> 8));
    }

    /// The value of 4 bytes that only `to` may get.
    private static long token(Leaf to, int from, int engine, int serial) {
        return ((long) to.index << 24) | (from << 16) | (engine << 8) | serial;
    }

    private static long owner(long token) {
        return token >>> 24;
    }

    /// One engine of a function, which does one thing after the other.
    private static final class Requester implements Transaction.Owner {
        final List<Long> wrote = new ArrayList<>();
        int left = 12;

        private final Tree tree;
        private final Leaf leaf;
        private final Choices choices;
        private final long home;
        private final Transaction transaction = new Transaction(this, 2_000);
        private final byte[] oracle = new byte[4_096];
        private byte[] expected = new byte[0];

        Requester(Tree tree, Leaf leaf, Choices choices, int engine) {
            this.tree = tree;
            this.leaf = leaf;
            this.choices = choices;
            this.home = 0x10_0000L * (leaf.index + 1) + 0x1_0000L * engine;
        }

        void next() {
            if (left == 0) {
                return;
            }
            left--;
            Leaf peer = choices.pick(tree.leaves);
            switch ((int) choices.below(isPeer(tree, leaf, peer) ? 4 : 2)) {
                case 0 -> writeHome();
                case 1 -> readHome();
                case 2 -> writePeer(peer);
                default -> readPeer(peer);
            }
            leaf.function.submit(transaction);
        }

        private void writeHome() {
            int count = (int) choices.between(1, 2_000);
            int at = (int) choices.below(4_096 - count);
            transaction.begin(Kind.WRITE, home + at, count, Tenure.RELEASE, 0);
            for (int i = 0; i < count; i++) {
                oracle[at + i] = (byte) (left * 17 + i * 3 + 1);
                transaction.data()[i] = oracle[at + i];
            }
        }

        private void readHome() {
            int count = (int) choices.between(1, 2_000);
            int at = (int) choices.below(4_096 - count);
            transaction.begin(Kind.READ, home + at, count, Tenure.RELEASE, 0);
            expected = Arrays.copyOfRange(oracle, at, at + count);
        }

        private void writePeer(Leaf peer) {
            Bar bar = tree.found(peer).bar(0).orElseThrow();
            transaction.begin(Kind.WRITE, bar.address() + 4 * choices.below(16), 4, Tenure.RELEASE, 0);
            long token = token(peer, leaf.index, (int) (home >>> 16 & 0xf), left);
            wrote.add(token);
            LittleEndian.put(token, transaction.data(), 0, 4);
        }

        private void readPeer(Leaf peer) {
            Bar bar = tree.found(peer).bar(0).orElseThrow();
            long offset = 8 * choices.below(bar.byteCount() / 8);
            transaction.begin(Kind.READ, bar.address() + offset, 8, Tenure.RELEASE, 0);
            expected = new byte[8];
            LittleEndian.put(Leaf.signature(peer.index, 0, offset), expected, 0, 8);
        }

        @Override
        public void completed(Transaction done, Status status) {
            assertThat(status).as("%s", done).isEqualTo(Status.SUCCESS);
            if (done.kind() == Kind.READ) {
                assertThat(Arrays.copyOf(done.data(), done.byteCount())).isEqualTo(expected);
            }
            next();
        }
    }

    /// The CPU, which reads and writes registers one after the other.
    private static final class Reader {
        final List<Long> wrote = new ArrayList<>();
        int left = 30;

        private final Tree tree;
        private final Choices choices;

        Reader(Tree tree, Choices choices) {
            this.tree = tree;
            this.choices = choices;
        }

        void next() {
            boolean room = true;
            while (room && left > 0) {
                left--;
                Leaf leaf = choices.pick(tree.leaves);
                Bar bar = choices.pick(tree.found(leaf).bars());
                long base = bar.space() == FoundFunction.Space.IO
                        ? tree.root.windows().ioBase() + bar.address()
                        : bar.address();
                room = choices.chance(1, 2) ? write(leaf, base) : read(leaf, bar, base);
            }
        }

        private boolean write(Leaf leaf, long base) {
            long token = token(leaf, 0xff, 0, left);
            byte[] data = new byte[4];
            LittleEndian.put(token, data, 0, 4);
            wrote.add(token);
            return tree.cpu.write(base, data, 0, 4, 0, this::next);
        }

        private boolean read(Leaf leaf, Bar bar, long base) {
            int byteCount = 1 << choices.below(3);
            long offset = byteCount * choices.below(Math.min(bar.byteCount(), 4_096) / byteCount);
            long expected = Leaf.signature(leaf.index, bar.index(), offset & -8) >>> (8 * (offset & 7))
                    & LittleEndian.ones(byteCount);
            tree.cpu.read(base + offset, byteCount, 0, value -> {
                assertThat(value & LittleEndian.ones(byteCount)).isEqualTo(expected);
                next();
            });
            return false;
        }
    }
}
