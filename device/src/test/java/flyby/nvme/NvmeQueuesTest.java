package flyby.nvme;

import static flyby.nvme.layout.NvmeRegisters.*;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import flyby.base.LittleEndian;
import flyby.nvme.NvmeBench.Completion;
import flyby.nvme.NvmeBench.Pair;
import flyby.nvme.layout.NvmeOpcodes;
import flyby.nvme.layout.NvmeStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Queues, doorbells and interrupts: sections 3.1.24, 4.1, 5.2 to 5.7, 7.5.
final class NvmeQueuesTest {
    private static final long DATA = 0x10_0000;
    private static final long QUEUES = 0x1_0000;
    private static final long MICRO = 1_000_000L;

    private final NvmeBench bench = NvmeBench.instant();

    NvmeQueuesTest() {
        bench.enable();
    }

    private byte[] flush() {
        return bench.command(NvmeOpcodes.FLUSH, 1, 0, 0);
    }

    private static void assertStatus(Completion completion, int code) {
        assertThat(completion.status() & NvmeStatus.CODE_MASK).isEqualTo(code);
    }

    /// A Completion Queue that is full gets nothing more until its host has taken something.
    @Test
    void aFullQueueIsNotOverwritten() {
        NvmeBench.check(bench.admin(NvmeOpcodes.CREATE_IO_CQ, 0, QUEUES, 3 << 16 | 1, 1 << 16 | 3));
        NvmeBench.check(bench.admin(NvmeOpcodes.CREATE_IO_SQ, 0, QUEUES + 4096, 31 << 16 | 1, 1 << 16 | 1));
        Pair submissions = bench.new Pair(1, QUEUES + 4096, QUEUES, 32);
        Pair completions = bench.new Pair(1, QUEUES + 4096, QUEUES, 4);
        for (int i = 0; i < 20; i++) {
            submissions.put(flush());
        }
        submissions.ring();
        int seen = 0;
        int last = 0;
        for (int round = 0; round < 20 && seen < 20; round++) {
            int taken = 0;
            for (Completion each = completions.take(); each != null; each = completions.take()) {
                assertThat(each.cid()).isGreaterThan(last);
                last = each.cid();
                taken++;
            }
            assertThat(taken).isBetween(1, 3);
            seen += taken;
            completions.acknowledge();
        }
        assertThat(seen).isEqualTo(20);
    }

    @Test
    void theSmallestAndTheLargestQueuesWork() {
        Pair small = bench.create(1, QUEUES, 2);
        for (int i = 0; i < 9; i++) {
            NvmeBench.check(bench.run(small, flush()));
        }
        Pair large = bench.create(2, 0x20_0000, 65_536);
        for (int i = 0; i < 65_535; i++) {
            large.put(flush());
        }
        large.ring();
        bench.simulation.run();
        List<Completion> all = large.takeAll();
        assertThat(all).hasSize(65_535);
        assertThat(all.getLast().head()).isEqualTo(65_535);
        NvmeBench.check(bench.run(large, flush()));
        NvmeBench.check(bench.run(large, flush()));
    }

    @Test
    void sixtyFiveThousandPairsOfQueues() {
        NvmeBench many = new NvmeBench(new NvmeProfile(65_535, 2_048, 512, 0, 0, 0), new SparseStore(1 << 20), () -> 0);
        many.enable();
        for (int id = 1; id <= 65_535; id++) {
            int vector = id % 2_048;
            NvmeBench.check(many.admin(NvmeOpcodes.CREATE_IO_CQ, 0, QUEUES, 1 << 16 | id, vector << 16 | 3));
            NvmeBench.check(many.admin(NvmeOpcodes.CREATE_IO_SQ, 0, QUEUES + 4096, 1 << 16 | id, id << 16 | 1));
        }
        for (int id : new int[] {1, 40_000, 65_535}) {
            LittleEndian.put(0, many.memory, (int) QUEUES + 8, 8);
            LittleEndian.put(0, many.memory, (int) QUEUES + 24, 8);
            Pair pair = many.new Pair(id, QUEUES + 4096, QUEUES, 2);
            Completion completion = many.run(pair, many.command(NvmeOpcodes.FLUSH, 1, 0, 0));
            assertThat(completion.queue()).isEqualTo(id);
            assertThat(many.edges[id % 2_048]).isEqualTo(1);
        }
    }

    @Test
    void refusesQueuesThatCannotBe() {
        bench.create(1, QUEUES, 4);
        int size = 3 << 16;
        assertStatus(bench.admin(NvmeOpcodes.CREATE_IO_CQ, 0, QUEUES, size | 1, 3), 0x101);
        assertStatus(bench.admin(NvmeOpcodes.CREATE_IO_CQ, 0, QUEUES, size, 3), 0x101);
        assertStatus(bench.admin(NvmeOpcodes.CREATE_IO_CQ, 0, QUEUES, size | 9, 3), 0x101);
        assertStatus(bench.admin(NvmeOpcodes.CREATE_IO_CQ, 0, QUEUES, 2, 3), 0x102);
        assertStatus(bench.admin(NvmeOpcodes.CREATE_IO_CQ, 0, QUEUES, size | 2, 2), 0x002);
        assertStatus(bench.admin(NvmeOpcodes.CREATE_IO_CQ, 0, QUEUES + 8, size | 2, 3), 0x013);
        assertStatus(bench.admin(NvmeOpcodes.CREATE_IO_CQ, 0, QUEUES, size | 2, 9 << 16 | 3), 0x108);
        assertStatus(bench.admin(NvmeOpcodes.CREATE_IO_SQ, 0, QUEUES, size | 2, 2 << 16 | 1), 0x100);
        assertStatus(bench.admin(NvmeOpcodes.CREATE_IO_SQ, 0, QUEUES, size | 2, 1), 0x101);
        assertStatus(bench.admin(NvmeOpcodes.DELETE_IO_CQ, 0, 0, 1), 0x10c);
        assertStatus(bench.admin(NvmeOpcodes.DELETE_IO_CQ, 0, 0, 0), 0x101);
        assertStatus(bench.admin(NvmeOpcodes.DELETE_IO_SQ, 0, 0, 2), 0x101);
        assertStatus(bench.admin(NvmeOpcodes.SET_FEATURES, 0, 0, 7, 0), 0x00c);
    }

    /// A queue is deleted when the commands that were taken from it are over, and may then be created anew.
    @Test
    void aQueueIsDeletedWhenItIsAtRest() {
        NvmeBench slow =
                new NvmeBench(new NvmeProfile(2, 3, 512, 50 * MICRO, 0, 0), new SparseStore(1 << 20), () -> 1_000);
        slow.enable();
        Pair pair = slow.create(1, QUEUES, 16);
        for (int i = 0; i < 5; i++) {
            pair.put(slow.command(NvmeOpcodes.READ, 1, DATA, 0, 0, 0, 0));
        }
        pair.ring();
        slow.simulation.runUntil(slow.simulation.nowPicos() + 10 * MICRO);
        slow.admin.put(slow.command(NvmeOpcodes.DELETE_IO_SQ, 0, 0, 0, 1));
        slow.admin.ring();
        slow.simulation.runUntil(slow.simulation.nowPicos() + 10 * MICRO);
        assertThat(slow.admin.take()).as("reads are under way").isNull();
        slow.simulation.run();
        NvmeBench.check(slow.admin.takeAll().getFirst());
        assertThat(pair.takeAll()).hasSize(5);
        NvmeBench.check(slow.admin(NvmeOpcodes.DELETE_IO_CQ, 0, 0, 1));
        Pair again = slow.create(1, QUEUES, 8);
        NvmeBench.check(slow.run(again, slow.command(NvmeOpcodes.FLUSH, 1, 0, 0)));
    }

    private @Nullable Completion event() {
        bench.simulation.run();
        Completion completion = bench.admin.take();
        bench.admin.acknowledge();
        return completion;
    }

    private Completion told() {
        return requireNonNull(event(), "no event");
    }

    private void ask() {
        bench.admin.put(bench.command(NvmeOpcodes.ASYNCHRONOUS_EVENT_REQUEST, 0, 0, 0));
        bench.admin.ring();
    }

    @Test
    void wrongDoorbellsAreEvents() {
        Pair pair = bench.create(1, QUEUES, 4);
        ask();
        assertThat(event()).isNull();
        bench.write(tailDoorbell(5), 1);
        assertThat(told().result()).as("no such register").isEqualTo(0x1_0000);
        bench.write(tailDoorbell(1), 4);
        ask();
        assertThat(event()).as("masked until its log page is read").isNull();
        NvmeBench.check(bench.admin(NvmeOpcodes.GET_LOG_PAGE, -1, DATA, 15 << 16 | 1));
        bench.write(tailDoorbell(1), 4);
        assertThat(told().result()).as("no such value").isEqualTo(0x1_0100);
        bench.write(headDoorbell(1), 1);
        NvmeBench.check(bench.run(pair, flush()));
    }

    @Test
    void aThresholdBelowTheTemperatureIsAnEvent() {
        NvmeBench.check(bench.admin(NvmeOpcodes.SET_FEATURES, 0, 0, 0x0b, 2));
        ask();
        NvmeBench.check(bench.admin(NvmeOpcodes.SET_FEATURES, 0, 0, 4, 300));
        assertThat(told().result()).isEqualTo(0x2_0101);
        NvmeBench.check(bench.admin(NvmeOpcodes.GET_LOG_PAGE, -1, DATA, 127 << 16 | 2));
        assertThat(bench.word(DATA, 1)).as("critical warning").isEqualTo(2);
    }

    @Test
    void tooManyEventRequestsAreRefusedAndOnesThatWaitAborted() {
        for (int i = 0; i < 4; i++) {
            ask();
        }
        assertThat(event()).isNull();
        byte[] fifth = bench.command(NvmeOpcodes.ASYNCHRONOUS_EVENT_REQUEST, 0, 0, 0);
        assertStatus(bench.run(bench.admin, fifth), NvmeStatus.ASYNCHRONOUS_EVENT_LIMIT_EXCEEDED);
        int cid = (int) LittleEndian.get(fifth, 2, 2) - 1;
        bench.admin.put(bench.command(NvmeOpcodes.ABORT, 0, 0, 0, cid << 16));
        bench.admin.ring();
        List<Completion> both = bench.admin.takeAll();
        assertThat(both).hasSize(2);
        assertThat(both.getFirst().cid()).isEqualTo(cid);
        assertStatus(both.getFirst(), NvmeStatus.ABORT_REQUESTED);
        assertThat(both.getLast().result()).as("aborted").isZero();
        Completion vain = bench.admin(NvmeOpcodes.ABORT, 0, 0, 0xabc << 16 | 1);
        assertThat(vain.result()).as("nothing to abort").isEqualTo(1);
    }

    @Test
    void whatWaitsForTheMediumIsAborted() {
        NvmeBench slow =
                new NvmeBench(new NvmeProfile(2, 3, 512, 50 * MICRO, 0, 0), new SparseStore(1 << 20), () -> 1_000);
        slow.enable();
        Pair pair = slow.create(1, QUEUES, 16);
        byte[] read = slow.command(NvmeOpcodes.READ, 1, DATA, 0, 0, 0, 0);
        pair.put(read);
        pair.ring();
        slow.simulation.runUntil(slow.simulation.nowPicos() + MICRO);
        int cid = (int) LittleEndian.get(read, 2, 2);
        slow.admin.put(slow.command(NvmeOpcodes.ABORT, 0, 0, 0, cid << 16 | 1));
        slow.admin.ring();
        slow.simulation.runUntil(slow.simulation.nowPicos() + MICRO);
        assertThat(slow.admin.takeAll().getFirst().result()).isZero();
        assertStatus(pair.takeAll().getFirst(), NvmeStatus.ABORT_REQUESTED);
        slow.simulation.run();
        assertThat(pair.takeAll()).isEmpty();
    }

    // Interrupts.

    @Test
    void aMaskedVectorTellsWhenItsMaskGoes() {
        Pair pair = bench.create(1, QUEUES, 8);
        bench.write(INTMS, 2);
        assertThat(bench.read(INTMC)).isEqualTo(2);
        pair.put(flush());
        pair.ring();
        assertThat(bench.levels[1]).isFalse();
        bench.write(INTMC, 2);
        assertThat(bench.levels[1]).isTrue();
        pair.takeAll();
        assertThat(bench.levels[1]).as("the host has taken all").isFalse();
    }

    @Test
    void newEntriesMakeNewEdges() {
        Pair pair = bench.create(1, QUEUES, 8);
        for (int i = 1; i <= 3; i++) {
            pair.put(flush());
            pair.ring();
            assertThat(bench.edges[1]).isEqualTo(i);
        }
        assertThat(bench.levels[1]).isTrue();
    }

    @Test
    void interruptsAreCoalescedByCountOrTime() {
        Pair pair = bench.create(1, QUEUES, 32);
        NvmeBench.check(bench.admin(NvmeOpcodes.SET_FEATURES, 0, 0, 8, 0x0103));
        for (int i = 0; i < 3; i++) {
            pair.put(flush());
            pair.ring();
        }
        assertThat(bench.edges[1]).isZero();
        pair.put(flush());
        pair.ring();
        assertThat(bench.edges[1]).as("the fourth").isEqualTo(1);
        pair.takeAll();
        pair.put(flush());
        pair.ring();
        assertThat(bench.edges[1]).isEqualTo(1);
        bench.simulation.runUntil(bench.simulation.nowPicos() + 101 * MICRO);
        assertThat(bench.edges[1]).as("after 100 us").isEqualTo(2);
        pair.takeAll();
        NvmeBench.check(bench.admin(NvmeOpcodes.SET_FEATURES, 0, 0, 9, 0x1_0001));
        pair.put(flush());
        pair.ring();
        assertThat(bench.edges[1]).as("without coalescing").isEqualTo(3);
    }

    // Shadow doorbells.

    private static final long SHADOW = 0x8000;
    private static final long INDEX = 0x9000;

    @Test
    void shadowDoorbellsSaveRings() {
        bench.shadow(SHADOW);
        Pair pair = bench.create(1, QUEUES, 8);
        for (int i = 0; i < 20; i++) {
            NvmeBench.check(bench.run(pair, flush()));
        }
        assertThat(bench.word(INDEX + 8, 4)).as("it has looked so far").isEqualTo(pair.tail);
        assertStatus(
                bench.run(bench.admin, bench.command(NvmeOpcodes.DOORBELL_BUFFER_CONFIG, 0, SHADOW + 8, INDEX)),
                NvmeStatus.INVALID_FIELD);
    }

    /// While the controller is at work, a host that has more need not ring.
    @Test
    void entriesAreFoundWithoutARing() {
        NvmeBench slow = new NvmeBench(new NvmeProfile(2, 3, 512, 0, 0, 0), new SparseStore(1 << 20), () -> 1_000);
        slow.enable();
        NvmeBench.check(slow.run(slow.admin, slow.command(NvmeOpcodes.DOORBELL_BUFFER_CONFIG, 0, SHADOW, INDEX)));
        Pair pair = slow.create(1, QUEUES, 64);
        pair.put(slow.command(NvmeOpcodes.FLUSH, 1, 0, 0));
        LittleEndian.put(1, slow.memory, (int) SHADOW + 8, 4);
        pair.ring();
        for (int i = 2; i <= 30; i++) {
            pair.put(slow.command(NvmeOpcodes.FLUSH, 1, 0, 0));
            LittleEndian.put(i, slow.memory, (int) SHADOW + 8, 4);
        }
        slow.simulation.run();
        assertThat(pair.takeAll()).hasSize(30);
    }

    /// A posted write of a doorbell may come when the controller has found a later value in memory already.
    @Test
    void aRingThatComesLateIsNoError() {
        NvmeBench.check(bench.run(bench.admin, bench.command(NvmeOpcodes.DOORBELL_BUFFER_CONFIG, 0, SHADOW, INDEX)));
        Pair pair = bench.create(1, QUEUES, 8);
        for (int i = 1; i <= 5; i++) {
            pair.put(flush());
        }
        LittleEndian.put(5, bench.memory, (int) SHADOW + 8, 4);
        bench.write(tailDoorbell(1), 2);
        bench.write(tailDoorbell(1), 4);
        assertThat(pair.takeAll()).hasSize(5);
        bench.write(tailDoorbell(1), 3);
        assertThat(pair.takeAll()).isEmpty();
        ask();
        assertThat(event()).isNull();
        bench.write(tailDoorbell(1), 8);
        assertThat(told().result()).as("beyond the ring").isEqualTo(0x1_0100);
    }

    /// A host that keeps its doorbells where nothing is still can ring.
    @Test
    void shadowDoorbellsNowhereDoNoHarm() {
        long nowhere = 1L << 40;
        NvmeBench.check(bench.run(bench.admin, bench.command(NvmeOpcodes.DOORBELL_BUFFER_CONFIG, 0, nowhere, nowhere)));
        Pair pair = bench.create(1, QUEUES, 8);
        NvmeBench.check(bench.run(pair, flush()));
        NvmeBench.check(bench.run(pair, flush()));
    }
}
