package flyby.live;

import static flyby.nvme.layout.NvmeRegisters.ACQ;
import static flyby.nvme.layout.NvmeRegisters.AQA;
import static flyby.nvme.layout.NvmeRegisters.ASQ;
import static flyby.nvme.layout.NvmeRegisters.CC;
import static flyby.nvme.layout.NvmeRegisters.CSTS;
import static flyby.nvme.layout.NvmeRegisters.headDoorbell;
import static flyby.nvme.layout.NvmeRegisters.tailDoorbell;
import static flyby.nvme.layout.QueueEntries.COMPLETION_BYTES;
import static flyby.nvme.layout.QueueEntries.PHASE;
import static flyby.nvme.layout.QueueEntries.STATUS;
import static flyby.nvme.layout.QueueEntries.SUBMISSION_BYTES;

import flyby.nvme.layout.NvmeOpcodes;
import flyby.nvme.layout.QueueEntries;
import flyby.posix.PosixException;
import flyby.vfio.DeviceClient;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Drives a served nvme entry by entry, as a guest's driver does, with one pair of I/O queues: for tests and
/// measurements without a virtual machine.
public final class DriveClient implements AutoCloseable {
    /// Of each queue.
    public static final int ENTRIES = 64;

    /// Where data of a command may lie: so many bytes from [#data] on for each of its entries.
    public static final int SLOT_BYTES = 1 << 20;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle WORD = LONG.varHandle();

    private static final int PAGE_BYTES = 4_096;
    private static final long LISTS = 0x1_0000;
    private static final long DATA = 0x10_0000;
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    private final DeviceClient client;
    private final MemorySegment memory;
    private final int[] tails = new int[2];
    private final int[] heads = new int[2];

    /// Enables the drive behind `client`, whose memory must have [#memoryBytes], and makes its queues.
    public DriveClient(DeviceClient client) throws PosixException {
        this.client = client;
        memory = client.memory();
        client.enable();
        client.map(0, 0, memoryBytes(), true);
        for (int slot = 0; slot < ENTRIES; slot++) {
            for (int page = 1; page < SLOT_BYTES / PAGE_BYTES; page++) {
                memory.set(
                        LONG,
                        LISTS + (long) PAGE_BYTES * slot + 8L * (page - 1),
                        data(slot) + (long) page * PAGE_BYTES);
            }
        }
        client.write(0, AQA, 4, (ENTRIES - 1) << 16 | (ENTRIES - 1));
        client.write(0, ASQ, 8, submissions(0));
        client.write(0, ACQ, 8, completions(0));
        client.write(0, CC, 4, 0x46_0001);
        while (client.read(0, CSTS, 4) != 1) {
            client.serve(10_000);
        }
        create(NvmeOpcodes.CREATE_IO_CQ, completions(1), 1);
        create(NvmeOpcodes.CREATE_IO_SQ, submissions(1), 1 << 16 | 1);
    }

    /// How much memory its client needs.
    public static long memoryBytes() {
        return DATA + (long) ENTRIES * SLOT_BYTES;
    }

    private static long submissions(int queue) {
        return 0x1000 + 0x4000L * queue;
    }

    private static long completions(int queue) {
        return 0x3000 + 0x4000L * queue;
    }

    /// Where the data of the command in entry `slot` lie in the client's memory.
    public static long data(int slot) {
        return DATA + (long) slot * SLOT_BYTES;
    }

    private void create(int opcode, long address, int flags) throws PosixException {
        put(0, opcode, address, 0, (ENTRIES - 1) << 16 | 1, flags, 0);
        ring(0);
        int status = await(0);
        if (status != 0) {
            throw new IllegalStateException("no queue: status 0x%x".formatted(status));
        }
    }

    /// The client's memory, from address 0 on.
    public MemorySegment memory() {
        return memory;
    }

    /// Puts a command with up to 1 MiB of data at [#data] of its entry into the I/O queue; nobody is told yet.
    ///
    /// @return its entry
    public int put(int opcode, long block, int dword12, int byteCount) {
        int slot = tails[1] % ENTRIES;
        long second = byteCount > 2 * PAGE_BYTES ? LISTS + (long) PAGE_BYTES * slot : data(slot) + PAGE_BYTES;
        return put(1, opcode, data(slot), second, (int) block, (int) (block >>> 32), dword12);
    }

    private int put(int queue, int opcode, long first, long second, int dword10, int dword11, int dword12) {
        int slot = tails[queue]++ % ENTRIES;
        long at = submissions(queue) + (long) SUBMISSION_BYTES * slot;
        memory.asSlice(at, SUBMISSION_BYTES).fill((byte) 0);
        memory.set(INT, at, opcode | slot << 16);
        memory.set(INT, at + QueueEntries.NSID, queue == 0 ? 0 : 1);
        memory.set(LONG, at + QueueEntries.DPTR1, first);
        memory.set(LONG, at + QueueEntries.DPTR2, second);
        memory.set(INT, at + QueueEntries.CDW10, dword10);
        memory.set(INT, at + QueueEntries.CDW10 + 4, dword11);
        memory.set(INT, at + QueueEntries.CDW10 + 8, dword12);
        return slot;
    }

    /// Tells the drive of all commands that were put.
    public void ring() throws PosixException {
        ring(1);
    }

    private void ring(int queue) throws PosixException {
        VarHandle.releaseFence();
        client.post(0, tailDoorbell(queue), 4, tails[queue] % ENTRIES);
    }

    /// Whether the next completion is there.
    public boolean isDone() {
        return isDone(1);
    }

    private boolean isDone(int queue) {
        boolean phase = heads[queue] / ENTRIES % 2 == 0;
        return PHASE.isSet(completion(queue)) == phase;
    }

    private long completion(int queue) {
        long at = completions(queue) + (long) COMPLETION_BYTES * (heads[queue] % ENTRIES) + 8;
        return (long) WORD.getVolatile(memory, at);
    }

    /// Takes the next completion, when it is there.
    ///
    /// @return its status: code and type
    public int await() throws PosixException {
        return await(1);
    }

    private int await(int queue) throws PosixException {
        long limit = System.nanoTime() + PATIENCE_NANOS;
        while (!isDone(queue)) {
            if (System.nanoTime() > limit) {
                throw new IllegalStateException("no completion in 10 s");
            }
            Thread.onSpinWait();
        }
        int status = (int) STATUS.of(completion(queue));
        heads[queue]++;
        if (!isDone(queue)) {
            // Once for all that were there.
            client.post(0, headDoorbell(queue), 4, heads[queue] % ENTRIES);
        }
        return status;
    }

    @Override
    public void close() {
        client.close();
    }
}
