package flyby.nvme;

import static flyby.nvme.layout.NvmeRegisters.*;
import static org.assertj.core.api.Assertions.assertThat;

import flyby.base.LittleEndian;
import flyby.nvme.NvmeBench.Completion;
import flyby.nvme.NvmeBench.Pair;
import flyby.nvme.layout.NvmeOpcodes;
import flyby.nvme.layout.NvmeStatus;
import flyby.nvme.layout.QueueEntries;
import flyby.nvme.layout.SglDescriptor;
import org.junit.jupiter.api.Test;

/// What hosts do wrong, what memory and medium do not do, and resets: sections 4.3, 4.4, 4.6.1, 7.3, 7.6, 9.
final class NvmeErrorsTest {
    private static final long DATA = 0x10_0000;
    private static final long LIST = 0x8000;
    private static final long QUEUES = 0x1_0000;
    private static final long NOWHERE = 1L << 40;
    private static final int FORCE_UNIT_ACCESS = 1 << 30;

    private final TellingStore store = new TellingStore(16 << 20);
    private final NvmeBench bench = new NvmeBench(new NvmeProfile(8, 9, 512, 0, 0, 0), store, () -> 0);
    private final Pair pair;

    NvmeErrorsTest() {
        bench.enable();
        pair = bench.create(1, QUEUES, 16);
    }

    private Completion read(long prp1, long prp2, int blocks) {
        return bench.run(pair, bench.command(NvmeOpcodes.READ, 1, prp1, prp2, 0, 0, blocks - 1));
    }

    private static void assertStatus(Completion completion, int code) {
        assertThat(Integer.toHexString(completion.status() & NvmeStatus.CODE_MASK))
                .isEqualTo(Integer.toHexString(code));
    }

    private void entry(int index, long value) {
        LittleEndian.put(value, bench.memory, (int) LIST + 8 * index, 8);
    }

    @Test
    void offsetsOfPrps() {
        assertStatus(read(DATA + 2, 0, 1), NvmeStatus.INVALID_PRP_OFFSET);
        NvmeBench.check(bench.admin(NvmeOpcodes.GET_LOG_PAGE, -1, DATA, 15 << 16 | 1));
        assertThat(bench.word(DATA + 14, 2)).as("byte 24: PRP Entry 1").isEqualTo(24);
        NvmeBench.check(read(DATA + 4, DATA + 4096, 8));
        assertStatus(read(DATA + 4, DATA + 4097, 8), NvmeStatus.INVALID_PRP_OFFSET);
        assertStatus(read(DATA, LIST + 4, 17), NvmeStatus.INVALID_PRP_OFFSET);
        entry(0, DATA);
        entry(1, DATA + 512);
        assertStatus(read(DATA, LIST, 24), NvmeStatus.INVALID_PRP_OFFSET);
    }

    /// The pointer to the next list must be to its begin, so that a list that leads to itself ends.
    @Test
    void listsThatLeadNowhereElse() {
        entry(511, LIST + 4088);
        assertStatus(read(DATA, LIST + 4088, 1024), NvmeStatus.INVALID_PRP_OFFSET);
        for (int i = 0; i < 512; i++) {
            entry(i, LIST);
        }
        NvmeBench.check(read(DATA, LIST + 4088, 1024));
        assertStatus(read(DATA, NOWHERE, 1024), NvmeStatus.DATA_TRANSFER_ERROR);
    }

    @Test
    void memoryThatIsNotThere() {
        assertStatus(read(NOWHERE, 0, 8), NvmeStatus.DATA_TRANSFER_ERROR);
        entry(0, DATA);
        entry(1, NOWHERE);
        assertStatus(read(DATA, LIST, 24), NvmeStatus.DATA_TRANSFER_ERROR);
        store.asked.clear();
        Completion written = bench.run(pair, bench.command(NvmeOpcodes.WRITE, 1, DATA, LIST, 0, 0, 23));
        assertStatus(written, NvmeStatus.DATA_TRANSFER_ERROR);
        assertThat(store.asked).as("nothing is written").isEmpty();
        assertThat(bench.read(CSTS)).isEqualTo(1);
        NvmeBench.check(read(DATA, 0, 8));
    }

    private Completion sgl(long address, long length, int type) {
        byte[] command = bench.command(NvmeOpcodes.READ, 1, address, 0, 0, 0, 7);
        LittleEndian.put(QueueEntries.PSDT.with(LittleEndian.get(command, 0, 4), 1), command, 0, 4);
        LittleEndian.put(SglDescriptor.LENGTH.to(length) | SglDescriptor.TYPE.to(type), command, QueueEntries.DPTR2, 8);
        return bench.run(pair, command);
    }

    private void descriptor(int index, long address, long length, int type) {
        LittleEndian.put(address, bench.memory, (int) LIST + 16 * index, 8);
        LittleEndian.put(
                SglDescriptor.LENGTH.to(length) | SglDescriptor.TYPE.to(type),
                bench.memory,
                (int) LIST + 16 * index + 8,
                8);
    }

    @Test
    void sglsThatAreNone() {
        NvmeBench.check(sgl(DATA + 1, 4096, 0));
        assertStatus(sgl(DATA, 4095, 0), NvmeStatus.SGL_LENGTH_INVALID);
        assertStatus(sgl(DATA, 4096, 4), NvmeStatus.SGL_TYPE_INVALID);
        assertStatus(sgl(DATA, 4096, 0xf), NvmeStatus.SGL_TYPE_INVALID);
        assertStatus(sgl(LIST, 0, 3), NvmeStatus.INVALID_SGL_SEGMENT);
        assertStatus(sgl(LIST, 24, 3), NvmeStatus.INVALID_SGL_SEGMENT);
        assertStatus(sgl(LIST + 4, 16, 3), NvmeStatus.INVALID_SGL_SEGMENT);
        assertStatus(sgl(NOWHERE, 16, 3), NvmeStatus.DATA_TRANSFER_ERROR);

        descriptor(0, DATA, 4096, 0);
        NvmeBench.check(sgl(LIST, 16, 3));
        NvmeBench.check(sgl(LIST, 16, 2));
        descriptor(0, DATA, 1024, 0);
        assertStatus(sgl(LIST, 16, 3), NvmeStatus.SGL_LENGTH_INVALID);
        assertStatus(sgl(LIST, 16, 2), NvmeStatus.INVALID_SGL_SEGMENT);
        descriptor(1, LIST, 16, 3);
        assertStatus(sgl(LIST, 32, 3), NvmeStatus.INVALID_SGL_SEGMENT);
        descriptor(0, LIST, 16, 2);
        assertStatus(sgl(LIST, 16, 2), NvmeStatus.INVALID_SGL_COUNT);
        for (int i = 0; i < 2000; i++) {
            descriptor(i, DATA, 0, 0);
        }
        assertStatus(sgl(LIST, 32_000, 3), NvmeStatus.INVALID_SGL_COUNT);
    }

    @Test
    void fieldsThatCannotBe() {
        assertStatus(read(DATA, LIST, 1025), NvmeStatus.INVALID_FIELD);
        assertStatus(
                bench.run(pair, bench.command(NvmeOpcodes.READ, 1, DATA, 0, 32_767, 0, 1)),
                NvmeStatus.LBA_OUT_OF_RANGE);
        assertStatus(
                bench.run(pair, bench.command(NvmeOpcodes.WRITE, 1, DATA, 0, -1, -1, 0)), NvmeStatus.LBA_OUT_OF_RANGE);
        NvmeBench.check(bench.run(pair, bench.command(NvmeOpcodes.READ, 1, DATA, 0, 32_766, 0, 1)));
        assertStatus(bench.run(pair, bench.command(NvmeOpcodes.READ, -1, DATA, 0)), NvmeStatus.INVALID_NAMESPACE);
        NvmeBench.check(bench.run(pair, bench.command(NvmeOpcodes.FLUSH, -1, 0, 0)));
        assertStatus(bench.run(pair, bench.command(0x7f, 1, DATA, 0)), NvmeStatus.INVALID_OPCODE);
        for (int bits : new int[] {1 << 8, 1 << 9, 3 << 14}) {
            byte[] command = bench.command(NvmeOpcodes.READ, 1, DATA, 0);
            LittleEndian.put(LittleEndian.get(command, 0, 4) | bits, command, 0, 4);
            assertStatus(bench.run(pair, command), NvmeStatus.INVALID_FIELD);
        }
        byte[] admin = bench.command(NvmeOpcodes.IDENTIFY, 0, DATA, 4096, 1);
        LittleEndian.put(QueueEntries.PSDT.with(LittleEndian.get(admin, 0, 4), 1), admin, 0, 4);
        assertStatus(bench.run(bench.admin, admin), NvmeStatus.INVALID_FIELD);
    }

    @Test
    void rangesThatAreNotThereDeallocateNothing() {
        descriptor(0, 8L << 32, 0, 0);
        LittleEndian.put(0, bench.memory, (int) LIST + 8, 8);
        LittleEndian.put(40_000, bench.memory, (int) LIST + 24, 8);
        LittleEndian.put(8L << 32, bench.memory, (int) LIST + 16, 8);
        store.asked.clear();
        Completion refused = bench.run(pair, bench.command(NvmeOpcodes.DATASET_MANAGEMENT, 1, LIST, 0, 1, 1 << 2));
        assertStatus(refused, NvmeStatus.LBA_OUT_OF_RANGE);
        assertThat(store.asked).isEmpty();
        NvmeBench.check(bench.run(pair, bench.command(NvmeOpcodes.DATASET_MANAGEMENT, 1, LIST, 0, 0, 1 << 2)));
        assertThat(store.asked).containsExactly("zero 0+4096");
    }

    // The medium.

    @Test
    void errorsOfTheMediumAreTold() {
        store.badByte = 1000;
        assertStatus(read(DATA, 0, 2), NvmeStatus.UNRECOVERED_READ_ERROR);
        NvmeBench.check(read(DATA, 0, 1));
        Completion written = bench.run(pair, bench.command(NvmeOpcodes.WRITE, 1, DATA, 0, 1, 0, 0));
        assertStatus(written, NvmeStatus.WRITE_FAULT);
        Completion zeroed = bench.run(pair, bench.command(NvmeOpcodes.WRITE_ZEROES, 1, 0, 0, 1, 0, 0));
        assertStatus(zeroed, NvmeStatus.WRITE_FAULT);
        Completion compared = bench.run(pair, bench.command(NvmeOpcodes.COMPARE, 1, DATA, 0, 1, 0, 0));
        assertStatus(compared, NvmeStatus.UNRECOVERED_READ_ERROR);
        store.failsToFlush = true;
        assertStatus(bench.run(pair, bench.command(NvmeOpcodes.FLUSH, 1, 0, 0)), NvmeStatus.WRITE_FAULT);
        NvmeBench.check(bench.admin(NvmeOpcodes.GET_LOG_PAGE, -1, DATA, 127 << 16 | 2));
        assertThat(bench.word(DATA + 160, 8)).as("media errors").isEqualTo(5);
    }

    @Test
    void theCacheIsVolatileUntilItIsFlushed() {
        store.asked.clear();
        NvmeBench.check(bench.run(pair, bench.command(NvmeOpcodes.WRITE, 1, DATA, 0, 0, 0, 0)));
        assertThat(store.asked).containsExactly("write 0+512");
        NvmeBench.check(bench.run(pair, bench.command(NvmeOpcodes.FLUSH, 1, 0, 0)));
        assertThat(store.asked).containsExactly("write 0+512", "flush");
        store.asked.clear();
        NvmeBench.check(bench.run(pair, bench.command(NvmeOpcodes.WRITE, 1, DATA, 0, 0, 0, FORCE_UNIT_ACCESS)));
        NvmeBench.check(bench.admin(NvmeOpcodes.SET_FEATURES, 0, 0, 6, 0));
        assertThat(store.asked).as("what is cached is kept").containsExactly("write 0+512", "flush", "flush");
        store.asked.clear();
        NvmeBench.check(bench.run(pair, bench.command(NvmeOpcodes.WRITE, 1, DATA, 0, 1, 0, 0)));
        assertThat(store.asked).containsExactly("write 512+512", "flush");
        store.asked.clear();
        bench.write(CC, bench.read(CC) | CC_SHN.to(SHN_NORMAL));
        assertThat(store.asked).containsExactly("flush");
        assertThat(CSTS_SHST.of(bench.read(CSTS))).isEqualTo(SHST_COMPLETE);
    }

    @Test
    void formatsWithBothBlockSizes() {
        NvmeBench.check(bench.admin(NvmeOpcodes.SET_FEATURES, 0, 0, 0x0b, 1 << 8));
        bench.admin.put(bench.command(NvmeOpcodes.ASYNCHRONOUS_EVENT_REQUEST, 0, 0, 0));
        bench.memory[(int) DATA] = 5;
        NvmeBench.check(bench.run(pair, bench.command(NvmeOpcodes.WRITE, 1, DATA, 0, 0, 0, 0)));
        Completion formatted = bench.admin(NvmeOpcodes.FORMAT_NVM, 1, 0, 1);
        NvmeBench.check(formatted);
        assertThat(bench.admin.takeAll().getFirst().result())
                .as("a namespace has changed")
                .isEqualTo(0x4_0002);
        NvmeBench.check(bench.admin(NvmeOpcodes.IDENTIFY, 1, DATA, 0));
        assertThat(bench.word(DATA, 8)).isEqualTo(4096);
        assertThat(bench.word(DATA + 26, 1)).isEqualTo(1);
        NvmeBench.check(bench.run(pair, bench.command(NvmeOpcodes.READ, 1, DATA, 0, 0, 0, 0)));
        assertThat(bench.memory[(int) DATA]).isZero();
        assertStatus(read(DATA, LIST, 129), NvmeStatus.INVALID_FIELD);
        assertStatus(bench.admin(NvmeOpcodes.FORMAT_NVM, 1, 0, 2), NvmeStatus.INVALID_FORMAT);
        assertStatus(bench.admin(NvmeOpcodes.FORMAT_NVM, 1, 0, 2 << 9), NvmeStatus.INVALID_FIELD);
        assertStatus(bench.admin(NvmeOpcodes.FORMAT_NVM, 3, 0, 0), NvmeStatus.INVALID_NAMESPACE);
        NvmeBench.check(bench.admin(NvmeOpcodes.FORMAT_NVM, -1, 0, 0));
    }

    // Resets.

    @Test
    void queuesThatCannotBeReachedAreFatal() {
        NvmeBench.check(bench.admin(NvmeOpcodes.CREATE_IO_CQ, 0, NOWHERE, 15 << 16 | 2, 3));
        NvmeBench.check(bench.admin(NvmeOpcodes.CREATE_IO_SQ, 0, QUEUES, 15 << 16 | 2, 2 << 16 | 1));
        bench.write(tailDoorbell(2), 1);
        assertThat(bench.read(CSTS)).isEqualTo(3);
        bench.write(CC, 0);
        assertThat(bench.read(CSTS)).isZero();
        bench.enable();
        NvmeBench.check(bench.admin(NvmeOpcodes.CREATE_IO_CQ, 0, QUEUES, 15 << 16 | 2, 3));
        NvmeBench.check(bench.admin(NvmeOpcodes.CREATE_IO_SQ, 0, NOWHERE, 15 << 16 | 2, 2 << 16 | 1));
        bench.write(tailDoorbell(2), 1);
        assertThat(bench.read(CSTS)).isEqualTo(3);
    }

    @Test
    void refusesToBecomeReadyWithWhatItCannotDo() {
        bench.write(CC, 0);
        bench.write(CC, CC_EN.to(1) | CC_MPS.to(5));
        assertThat(bench.read(CSTS)).isEqualTo(2);
        bench.write(CC, 0);
        bench.write(AQA, 0);
        bench.write(CC, CC_EN.to(1));
        assertThat(bench.read(CSTS)).isEqualTo(2);
        bench.write(CC, 0);
        bench.enable();
        assertThat(bench.read(CSTS)).isEqualTo(1);
        bench.write(NSSR, NSSR_RESET);
        assertThat(bench.read(CSTS)).isEqualTo(0x10);
        bench.write(CSTS, 0x10);
        assertThat(bench.read(CSTS)).isZero();
    }

    /// After CSTS.RDY is 0 the host may use its memory for something else: nothing of before is written there.
    @Test
    void aResetInMidFlightLetsGoOfAllMemory() {
        for (int after = 0; after < 60; after++) {
            NvmeBench slow = new NvmeBench(
                    new NvmeProfile(2, 3, 512, 2_000, 2_000, 2_000), new SparseStore(1 << 20), () -> 1_000);
            slow.enable();
            Pair queue = slow.create(1, QUEUES, 32);
            for (int i = 0; i < 20; i++) {
                int opcode = i % 2 == 0 ? NvmeOpcodes.READ : NvmeOpcodes.WRITE;
                queue.put(slow.command(opcode, 1, DATA, LIST, i, 0, i));
            }
            queue.ring();
            slow.simulation.runUntil(slow.simulation.nowPicos() + after * 200L);
            boolean isFunctionReset = after % 3 == 2;
            if (isFunctionReset) {
                slow.controller.reset();
            } else {
                slow.write(CC, 0);
            }
            int waits = 0;
            while (slow.read(CSTS) != 0) {
                assertThat(waits++).isLessThan(100);
                slow.simulation.runUntil(slow.simulation.nowPicos() + 100);
            }
            if (isFunctionReset) {
                // Nobody waits for that: what the host has already taken over comes to its end.
                slow.simulation.run();
            }
            byte[] before = slow.memory.clone();
            slow.simulation.run();
            assertThat(java.util.Arrays.equals(slow.memory, before))
                    .as("reset after %d", after)
                    .isTrue();
            slow.enable();
            slow.simulation.run();
            Pair again = slow.create(1, QUEUES, 8);
            NvmeBench.check(slow.run(again, slow.command(NvmeOpcodes.READ, 1, DATA, 0, 0, 0, 0)));
        }
    }
}
