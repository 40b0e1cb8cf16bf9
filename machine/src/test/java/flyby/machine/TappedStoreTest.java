package flyby.machine;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.base.LittleEndian;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.nvme.BlockStore;
import flyby.nvme.SparseStore;
import flyby.nvme.layout.NvmeOpcodes;
import flyby.nvme.layout.NvmeRegisters;
import flyby.nvme.layout.QueueEntries;
import flyby.params.Given;
import flyby.params.Origin;
import flyby.params.Settings;
import flyby.record.Recorder;
import flyby.record.RecordingReader;
import flyby.record.RecordingSource;
import flyby.record.Replay;
import flyby.record.ReplayResult;
import flyby.record.Tap;
import flyby.sim.Alarm;
import flyby.sim.Simulation;
import flyby.topology.PartKind;
import flyby.trace.Trace;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A drive whose medium comes from outside is replayed without that medium.
final class TappedStoreTest {
    private static final int ADMIN_SUBMISSIONS = 0x1000;
    private static final int ADMIN_COMPLETIONS = 0x2000;
    private static final int SUBMISSIONS = 0x3000;
    private static final int COMPLETIONS = 0x4000;
    private static final int DATA = 0x8000;
    private static final int ENTRIES = 16;

    private final Memory memory = new Memory();

    /// Memory that answers at once.
    private static final class Memory implements DeviceHost {
        private final Simulation simulation = new Simulation(0, Trace.off());
        private final byte[] bytes = new byte[1 << 16];

        @Override
        public long nowPicos() {
            return simulation.nowPicos();
        }

        @Override
        public Alarm alarm(String name, Runnable action) {
            return simulation.event(name, action);
        }

        @Override
        public void submit(Transaction transaction) {
            transaction.accept();
            transaction.start();
            int at = (int) transaction.iova();
            if (transaction.kind() == Kind.WRITE) {
                System.arraycopy(transaction.data(), 0, bytes, at, transaction.byteCount());
            } else {
                System.arraycopy(bytes, at, transaction.data(), 0, transaction.byteCount());
            }
            transaction.complete(Status.SUCCESS);
        }

        @Override
        public void interrupt(int vector, boolean asserted) {
            // The test looks at the queues.
        }

        @Override
        public long currentTransfer() {
            return 0;
        }

        @Override
        public Trace trace() {
            return simulation.trace();
        }
    }

    private int cid;

    private void command(Device drive, int queue, int tail, int opcode, int nsid, long prp, int... dwordsFrom10) {
        int at = (queue == 0 ? ADMIN_SUBMISSIONS : SUBMISSIONS) + (tail - 1) * QueueEntries.SUBMISSION_BYTES;
        LittleEndian.put(QueueEntries.OPC.to(opcode) | QueueEntries.CID.to(++cid), memory.bytes, at, 4);
        LittleEndian.put(nsid, memory.bytes, at + QueueEntries.NSID, 4);
        LittleEndian.put(prp, memory.bytes, at + QueueEntries.DPTR1, 8);
        for (int i = 0; i < dwordsFrom10.length; i++) {
            LittleEndian.put(dwordsFrom10[i], memory.bytes, at + QueueEntries.CDW10 + 4 * i, 4);
        }
        drive.writeRegister(0, NvmeRegisters.tailDoorbell(queue), 4, tail);
        memory.simulation.run();
        int completion = (queue == 0 ? ADMIN_COMPLETIONS : COMPLETIONS) + (tail - 1) * QueueEntries.COMPLETION_BYTES;
        long second = LittleEndian.get(memory.bytes, completion + 8, 8);
        assertThat(QueueEntries.PHASE.isSet(second))
                .as("completion of command %d", cid)
                .isTrue();
        assertThat(QueueEntries.STATUS.of(second)).isZero();
    }

    @Test
    void theReplayNeedsNoMedium() {
        Settings settings = Settings.resolve(
                PartKind.FUNCTION.catalogue(),
                List.of(),
                List.of(),
                List.of(new Given("device", "nvme", Origin.commandLine("device"))));
        BlockStore store = new SparseStore(1 << 20);
        byte[] before = new byte[512];
        Arrays.fill(before, (byte) 0x77);
        assertThat(store.write(5 * 512, before, 0, 512)).isEqualTo(BlockStore.Outcome.DONE);

        ByteArrayOutputStream tape = new ByteArrayOutputStream();
        try (Recorder recorder = new Recorder(tape::write, Recordings.header("nvme", settings, "", true))) {
            Device drive = recorder.around(
                            host -> DeviceShelf.make("nvme", settings, host, () -> new TappedStore(store, (Tap) host)))
                    .apply(memory);
            live(drive);
        }
        assertThat(memory.bytes[DATA + 0x1000]).isEqualTo((byte) 0x77);

        RecordingReader reader = new RecordingReader("test", RecordingSource.of(tape.toByteArray()));
        ReplayResult result =
                Replay.of(reader, Recordings.maker("test", reader.header())).run();
        result.check();
        assertThat(result.isWhole()).isTrue();
        assertThat(result.counts().transactions()).isGreaterThan(10);
    }

    /// Writes a block, reads one that was there before.
    private void live(Device drive) {
        drive.writeRegister(
                0,
                NvmeRegisters.AQA,
                4,
                NvmeRegisters.AQA_ASQS.to(ENTRIES - 1) | NvmeRegisters.AQA_ACQS.to(ENTRIES - 1));
        drive.writeRegister(0, NvmeRegisters.ASQ, 8, ADMIN_SUBMISSIONS);
        drive.writeRegister(0, NvmeRegisters.ACQ, 8, ADMIN_COMPLETIONS);
        drive.writeRegister(
                0,
                NvmeRegisters.CC,
                4,
                NvmeRegisters.CC_EN.to(1) | NvmeRegisters.CC_IOSQES.to(6) | NvmeRegisters.CC_IOCQES.to(4));
        memory.simulation.run();
        assertThat(drive.readRegister(0, NvmeRegisters.CSTS, 4)).isEqualTo(1);
        int size = ((ENTRIES - 1) << 16) | 1;
        command(drive, 0, 1, NvmeOpcodes.CREATE_IO_CQ, 0, COMPLETIONS, size, (1 << 16) | 3);
        command(drive, 0, 2, NvmeOpcodes.CREATE_IO_SQ, 0, SUBMISSIONS, size, (1 << 16) | 1);
        command(drive, 1, 1, NvmeOpcodes.WRITE, 1, DATA, 9, 0, 0);
        command(drive, 1, 2, NvmeOpcodes.READ, 1, DATA + 0x1000, 5, 0, 0);
        command(drive, 1, 3, NvmeOpcodes.FLUSH, 1, 0);
    }
}
