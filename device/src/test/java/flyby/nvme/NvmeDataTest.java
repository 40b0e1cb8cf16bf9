package flyby.nvme;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import flyby.base.LittleEndian;
import flyby.nvme.Layouts.Piece;
import flyby.nvme.NvmeBench.Completion;
import flyby.nvme.NvmeBench.Pair;
import flyby.nvme.layout.NvmeOpcodes;
import flyby.nvme.layout.NvmeStatus;
import flyby.nvme.layout.QueueEntries;
import flyby.sim.Prng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random commands with data in random places, by queues of random sizes, against an array of bytes. Hosts answer at
/// once, later, and in any order.
final class NvmeDataTest {
    private static final int STORE_BYTES = 4 << 20;
    private static final long QUEUES = 0x1_0000;
    private static final long SHADOW = 0x8000;
    private static final long REGIONS = 0x10_0000;
    private static final int REGION_BYTES = 0xa_0000;
    private static final int TOGETHER = 10;

    private final byte[] oracle = new byte[STORE_BYTES];

    /// A command that is under way, and what is to be true when it is over.
    @SuppressWarnings("ArrayRecordComponent") // Looked at, never compared.
    private record Pending(int cid, int opcode, int offset, List<Piece> pieces, int byteCount, byte[] expected) {}

    private static LongSupplier host(String mode, Prng random) {
        return switch (mode) {
            case "at once" -> () -> 0;
            case "later" -> () -> 100_000;
            default -> () -> random.chance(1, 4) ? 0 : 1 + random.below(2_000_000);
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"at once", "later", "in any order"})
    void whatIsWrittenIsRead(String mode) {
        int batches = Integer.getInteger("flyby.nvme.batches", 150);
        for (int seed = 0; seed < 4; seed++) {
            Arrays.fill(oracle, (byte) 0);
            Prng random = new Prng(seed);
            int blockBytes = seed % 2 == 0 ? 512 : 4_096;
            long mediumPicos = seed < 2 ? 0 : 3_000_000;
            NvmeBench bench = new NvmeBench(
                    new NvmeProfile(4, 5, blockBytes, mediumPicos, mediumPicos / 2, 2 * mediumPicos),
                    new SparseStore(STORE_BYTES),
                    host(mode, random));
            bench.enable();
            bench.simulation.run();
            if (seed % 2 == 1) {
                bench.shadow(SHADOW);
            }
            List<Pair> pairs = new ArrayList<>();
            for (int id = 1; id <= 3; id++) {
                pairs.add(bench.create(id, QUEUES + id * 0x8000L, 2 + (int) random.below(30)));
            }
            for (int batch = 0; batch < batches; batch++) {
                runBatch(bench, pairs, random, blockBytes);
            }
            byte[] all = new byte[STORE_BYTES];
            bench.store.read(0, all, 0, STORE_BYTES);
            assertThat(Arrays.equals(all, oracle)).as("seed %d", seed).isTrue();
        }
    }

    /// Commands that touch different blocks, all under way together.
    private void runBatch(NvmeBench bench, List<Pair> pairs, Prng random, int blockBytes) {
        TreeMap<Integer, Pending> pending = new TreeMap<>();
        int share = STORE_BYTES / TOGETHER;
        for (int i = 0; i < TOGETHER; i++) {
            Pair pair = pairs.get((int) random.below(pairs.size()));
            if ((pair.tail + 1) % pair.entries == pair.taken) {
                continue;
            }
            long region = REGIONS + (long) i * REGION_BYTES;
            int blocks = 1 + (int) random.below(random.chance(1, 8) ? 131_072 / blockBytes : 20);
            int first = Math.ceilDiv(i * share, blockBytes);
            int room = (i + 1) * share / blockBytes - first;
            int count = Math.min(blocks, room);
            int at = first + (int) random.below(room - count + 1L);
            Pending made = make(bench, pair, random, region, at, count, blockBytes);
            pending.put(made.cid(), made);
            if (random.chance(1, 2)) {
                pair.ring();
            }
        }
        pairs.forEach(Pair::ring);
        for (int round = 0; !pending.isEmpty(); round++) {
            assertThat(round).as("a batch that never ends").isLessThan(100_000);
            bench.simulation.runUntil(bench.simulation.nowPicos() + 1_000_000);
            for (Pair pair : pairs) {
                for (Completion completion : pair.takeAll()) {
                    pair.taken = completion.head();
                    assertThat(completion.queue()).isEqualTo(pair.id);
                    Pending over = requireNonNull(pending.remove(completion.cid()), "completed twice");
                    check(bench, over, completion);
                }
            }
        }
    }

    private Pending make(NvmeBench bench, Pair pair, Prng random, long region, int block, int count, int blockBytes) {
        int[] opcodes = {
            NvmeOpcodes.READ,
            NvmeOpcodes.READ,
            NvmeOpcodes.WRITE,
            NvmeOpcodes.WRITE,
            NvmeOpcodes.COMPARE,
            NvmeOpcodes.WRITE_ZEROES,
            NvmeOpcodes.DATASET_MANAGEMENT,
            NvmeOpcodes.FLUSH
        };
        int opcode = opcodes[(int) random.below(opcodes.length)];
        boolean isRanges = opcode == NvmeOpcodes.DATASET_MANAGEMENT;
        int fua = random.chance(1, 3) ? 1 << 30 : 0;
        byte[] command = isRanges
                ? bench.command(opcode, 1, 0, 0, 0, 1 << 2, 0)
                : bench.command(opcode, 1, 0, 0, block, 0, fua | count - 1);
        Layouts layouts = new Layouts(bench.memory, random, region, region + REGION_BYTES);
        int offset = block * blockBytes;
        int bytes = count * blockBytes;
        byte[] expected = Arrays.copyOfRange(oracle, offset, offset + bytes);
        List<Piece> pieces = List.of();
        switch (opcode) {
            case NvmeOpcodes.READ -> pieces = layouts.place(command, bytes, true);
            case NvmeOpcodes.WRITE -> {
                pieces = layouts.place(command, bytes, false);
                fill(bench, pieces, random);
                gather(bench, pieces, oracle, offset);
            }
            case NvmeOpcodes.COMPARE -> {
                pieces = layouts.place(command, bytes, false);
                scatter(bench, pieces, expected);
                if (random.chance(1, 2)) {
                    Piece last = pieces.getLast();
                    bench.memory[(int) last.address()] ^= 1;
                }
            }
            case NvmeOpcodes.FLUSH -> pieces = List.of();
            default -> {
                if (isRanges) {
                    bytes = 16;
                    byte[] range = new byte[16];
                    LittleEndian.put(count, range, 4, 4);
                    LittleEndian.put(block, range, 8, 8);
                    pieces = layouts.place(command, bytes, false);
                    scatter(bench, pieces, range);
                }
                Arrays.fill(oracle, offset, offset + count * blockBytes, (byte) 0);
            }
        }
        pair.put(command);
        int cid = (int) QueueEntries.CID.of(LittleEndian.get(command, 0, 4));
        return new Pending(cid, opcode, offset, pieces, bytes, expected);
    }

    private static void fill(NvmeBench bench, List<Piece> pieces, Prng random) {
        for (Piece piece : pieces) {
            for (int i = 0; i < piece.byteCount(); i++) {
                bench.memory[(int) piece.address() + i] = (byte) random.nextLong();
            }
        }
    }

    private static void gather(NvmeBench bench, List<Piece> pieces, byte[] into, int offset) {
        int at = offset;
        for (Piece piece : pieces) {
            System.arraycopy(bench.memory, (int) piece.address(), into, at, piece.byteCount());
            at += piece.byteCount();
        }
    }

    private static void scatter(NvmeBench bench, List<Piece> pieces, byte[] from) {
        int at = 0;
        for (Piece piece : pieces) {
            System.arraycopy(from, at, bench.memory, (int) piece.address(), piece.byteCount());
            at += piece.byteCount();
        }
    }

    private static void check(NvmeBench bench, Pending over, Completion completion) {
        int status = completion.status() & NvmeStatus.CODE_MASK;
        switch (over.opcode()) {
            case NvmeOpcodes.COMPARE -> {
                byte[] given = new byte[over.byteCount()];
                gather(bench, over.pieces(), given, 0);
                boolean isEqual = Arrays.equals(given, over.expected());
                assertThat(status).isEqualTo(isEqual ? NvmeStatus.SUCCESS : NvmeStatus.COMPARE_FAILURE);
            }
            case NvmeOpcodes.READ -> {
                assertThat(status).isEqualTo(NvmeStatus.SUCCESS);
                int at = 0;
                for (Piece piece : over.pieces()) {
                    int address = (int) piece.address();
                    if (address != -1) {
                        boolean isEqual = Arrays.equals(
                                bench.memory,
                                address,
                                address + piece.byteCount(),
                                over.expected(),
                                at,
                                at + piece.byteCount());
                        assertThat(isEqual).as("%s", over.pieces()).isTrue();
                    }
                    at += piece.byteCount();
                }
            }
            default -> assertThat(status).isEqualTo(NvmeStatus.SUCCESS);
        }
    }

    /// 128 KiB in 32 pages that stand together are one access, and so are 32 entries of a queue.
    @Test
    void takesFewAccesses() {
        NvmeBench bench = NvmeBench.instant();
        bench.enable();
        Pair pair = bench.create(1, QUEUES, 64);
        long data = REGIONS;
        long list = 0x8000;
        for (int i = 1; i < 32; i++) {
            LittleEndian.put(data + i * 4_096L, bench.memory, (int) list + 8 * (i - 1), 8);
        }
        int before = bench.accesses;
        NvmeBench.check(bench.run(pair, bench.command(NvmeOpcodes.READ, 1, data, list, 0, 0, 255)));
        assertThat(bench.accesses - before).as("entry, list, data, completion").isEqualTo(4);

        before = bench.accesses;
        int edges = bench.edges[1];
        for (int i = 0; i < 32; i++) {
            pair.put(bench.command(NvmeOpcodes.READ, 1, data + i * 4_096L, 0, i * 8, 0, 7));
        }
        pair.ring();
        assertThat(pair.takeAll()).hasSize(32);
        assertThat(bench.accesses - before)
                .as("entries, data of each, completions")
                .isEqualTo(34);
        assertThat(bench.edges[1] - edges).as("one interrupt").isEqualTo(1);
    }
}
