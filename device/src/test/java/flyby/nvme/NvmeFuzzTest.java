package flyby.nvme;

import static flyby.nvme.layout.NvmeRegisters.*;
import static org.assertj.core.api.Assertions.assertThat;

import flyby.base.LittleEndian;
import flyby.nvme.NvmeBench.Pair;
import flyby.nvme.layout.NvmeOpcodes;
import flyby.nvme.layout.QueueEntries;
import flyby.sim.Prng;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A guest that does whatever it likes: nothing it says may throw, hang, or break the controller for the next guest.
///
/// `-Dflyby.nvme.fuzz=1000000` takes a million of its deeds for each kind of host.
final class NvmeFuzzTest {
    private static final int DEEDS = Integer.getInteger("flyby.nvme.fuzz", 30_000);
    private static final int[] ADMIN = {0, 1, 2, 4, 5, 6, 8, 9, 10, 0x0c, 0x7c, 0x80};
    private static final int[] IO = {0, 1, 2, 5, 8, 9};
    private static final int PAIRS = 8;
    /// Accesses that one deed may cause: all entries of some small queues, with all their lists and data.
    private static final int ACCESSES_MAX = 200_000;

    private final TellingStore store = new TellingStore(1 << 20);
    private final NvmeBench bench;
    private int asked;
    private final Prng random;

    NvmeFuzzTest() {
        random = new Prng(20_261_128);
        bench = new NvmeBench(new NvmeProfile(PAIRS, PAIRS + 1, 512, 0, 5_000, 0), store, () -> latency());
    }

    private boolean answersAtOnce;

    private long latency() {
        return answersAtOnce || random.chance(1, 3) ? 0 : 1 + random.below(10_000);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void survivesAnything(boolean atOnce) {
        answersAtOnce = atOnce;
        bench.write(CC, 0);
        revive();
        for (int i = 0; i < DEEDS; i++) {
            int before = bench.accesses;
            asked += store.asked.size();
            store.asked.clear();
            deed();
            if (random.chance(1, 4)) {
                settle();
            }
            assertThat(bench.accesses - before).as("deed %d", i).isLessThan(ACCESSES_MAX);
            if (i % 5_000 == 4_999) {
                stillWorks();
            }
        }
        stillWorks();
        assertThat(asked).as("what reached the medium").isGreaterThan(DEEDS / 20);
    }

    private void settle() {
        bench.simulation.runUntil(bench.simulation.nowPicos() + 20_000);
    }

    /// After a reset, it is as if nothing had been.
    private void stillWorks() {
        bench.controller.reset();
        bench.simulation.run();
        bench.enable();
        bench.simulation.run();
        assertThat(bench.read(CSTS)).isEqualTo(1);
        NvmeBench.check(bench.admin(NvmeOpcodes.FORMAT_NVM, -1, 0, 0));
        Pair pair = bench.create(1, 0x1_0000, 8);
        long data = 0x3_0000;
        LittleEndian.put(random.nextLong(), bench.memory, (int) data, 8);
        NvmeBench.check(bench.run(pair, bench.command(NvmeOpcodes.WRITE, 1, data, 0, 3, 0, 0)));
        NvmeBench.check(bench.run(pair, bench.command(NvmeOpcodes.READ, 1, data + 512, 0, 3, 0, 0)));
        assertThat(bench.word(data + 512, 8)).isEqualTo(bench.word(data, 8));
    }

    private void deed() {
        switch ((int) random.below(16)) {
            case 0 ->
                bench.controller.writeRegister(
                        (int) random.below(3), random.below(REGION_BYTES + 64L) - 16, 1 << random.below(4), odd());
            case 1 ->
                bench.controller.readRegister(
                        (int) random.below(3), random.below(REGION_BYTES + 64L) - 16, 1 << random.below(4));
            case 2 -> bench.write((int) random.below(0x40), odd());
            case 3 -> scribble();
            case 4 -> {
                if (random.chance(1, 20)) {
                    bench.controller.reset();
                } else if (random.chance(1, 3)) {
                    bench.write(CC, random.chance(1, 2) ? 0 : odd());
                }
                revive();
            }
            case 5 -> bench.write(headDoorbell((int) random.below(PAIRS + 2)), random.below(40));
            case 6 -> bench.write(headDoorbell(0), random.below(NvmeBench.ADMIN_ENTRIES));
            default -> command();
        }
    }

    private void revive() {
        if (bench.read(CSTS) != 1 || random.chance(1, 10)) {
            bench.write(CC, 0);
            bench.simulation.run();
            bench.enable();
            bench.simulation.run();
            for (int id = 1; id <= 3; id++) {
                bench.create(id, 0x1_0000 + 0x2000L * id, 64);
            }
        }
    }

    /// A number that may be right, or nearly, or anything.
    private long odd() {
        return switch ((int) random.below(6)) {
            case 0 -> random.nextLong();
            case 1 -> random.below(4);
            case 2 -> 1L << random.below(64);
            case 3 -> (1L << random.below(64)) - 1;
            case 4 -> page();
            default -> random.below(1 << 16);
        };
    }

    private long page() {
        return random.below(NvmeBench.MEMORY_BYTES / 4_096) * 4_096;
    }

    private long address() {
        return switch ((int) random.below(8)) {
            case 0 -> odd();
            case 1 -> page() + 4 * random.below(1_024);
            case 2 -> page() + 4_096 - 8 * random.below(4);
            default -> page();
        };
    }

    /// Something that may pass for a list.
    private void scribble() {
        int at = (int) page();
        for (int i = 0; i < 512; i += 2) {
            LittleEndian.put(address(), bench.memory, at + 8 * i, 8);
            boolean isSgl = random.chance(1, 2);
            long second = isSgl ? random.below(5) << 60 | random.below(64) * 16 : address();
            LittleEndian.put(second, bench.memory, at + 8 * i + 8, 8);
        }
    }

    private void command() {
        int queue = random.chance(1, 3) ? 0 : (int) random.below(PAIRS + 1);
        int[] opcodes = queue == 0 ? ADMIN : IO;
        int opcode = random.chance(1, 12) ? (int) random.below(256) : opcodes[(int) random.below(opcodes.length)];
        byte[] command = bench.command(opcode, random.chance(1, 8) ? (int) odd() : 1, address(), address());
        if (queue != 0 && random.chance(1, 3)) {
            LittleEndian.put(QueueEntries.PSDT.with(LittleEndian.get(command, 0, 4), 1), command, 0, 4);
            LittleEndian.put(random.below(5) << 60 | random.below(1_024) * 16, command, QueueEntries.DPTR2, 8);
        }
        for (int dword = 0; dword < 6; dword++) {
            LittleEndian.put(dword(queue, opcode, dword), command, QueueEntries.CDW10 + 4 * dword, 4);
        }
        if (createsQueue(queue, opcode)) {
            LittleEndian.put(ringPage(), command, QueueEntries.DPTR1, 8);
        }
        long base = queue == 0 ? NvmeBench.ADMIN_SUBMISSIONS : ringPage();
        int slot = (int) random.below(queue == 0 ? NvmeBench.ADMIN_ENTRIES : 64);
        System.arraycopy(command, 0, bench.memory, (int) base + 64 * slot, 64);
        bench.write(tailDoorbell(queue), (slot + 1) % (queue == 0 ? NvmeBench.ADMIN_ENTRIES : 64));
    }

    private static boolean createsQueue(int queue, int opcode) {
        return queue == 0 && (opcode == NvmeOpcodes.CREATE_IO_CQ || opcode == NvmeOpcodes.CREATE_IO_SQ);
    }

    /// One of the few pages that hold rings, so that commands come to be in some.
    private long ringPage() {
        return 0x1_0000 + 0x2000 * (1 + random.below(4));
    }

    private long dword(int queue, int opcode, int dword) {
        if (random.chance(1, 6)) {
            return odd();
        }
        boolean createsQueue = createsQueue(queue, opcode);
        if (createsQueue && dword == 0) {
            return random.below(64) << 16 | random.below(PAIRS + 2L);
        }
        if (createsQueue && dword == 1) {
            return random.below(PAIRS + 2L) << 16 | 3;
        }
        if (queue == 0 && dword == 0) {
            return random.below(1 << 12);
        }
        if (queue != 0 && dword == 0) {
            return random.below(2_200);
        }
        return queue != 0 && dword == 2 ? random.below(1_100) : 0;
    }
}
