package flyby.nvme;

import static flyby.nvme.layout.NvmeRegisters.*;

import flyby.base.LittleEndian;
import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.nvme.layout.NvmeOpcodes;
import flyby.nvme.layout.QueueEntries;
import flyby.sim.Alarm;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A controller at a memory that answers after as long as the test likes, in any order, and a host that keeps queues in
/// it.
final class NvmeBench implements DeviceHost {
    static final int MEMORY_BYTES = 8 << 20;
    static final int PAGE = 4_096;
    /// Queues of the Admin Queue are here, and have so many entries.
    static final int ADMIN_ENTRIES = 32;

    static final long ADMIN_SUBMISSIONS = 0x1000;
    static final long ADMIN_COMPLETIONS = 0x2000;

    /// A completion, as the host reads it.
    record Completion(int queue, int cid, int status, long result, int head) {}

    /// A pair of queues, as the host keeps it.
    final class Pair {
        final int id;
        final long submissions;
        final long completions;
        final int entries;
        int tail;
        int head;
        int taken;
        boolean phase = true;

        Pair(int id, long submissions, long completions, int entries) {
            this.id = id;
            this.submissions = submissions;
            this.completions = completions;
            this.entries = entries;
        }

        /// Puts a command into the queue without ringing.
        void put(byte[] command) {
            System.arraycopy(command, 0, memory, (int) submissions + tail * QueueEntries.SUBMISSION_BYTES, 64);
            tail = (tail + 1) % entries;
        }

        void ring() {
            if (mustRing(8L * id, tail)) {
                controller.writeRegister(0, tailDoorbell(id), 4, tail);
            }
        }

        /// The next completion, or null if there is none yet. Its place is given back by [#acknowledge].
        @Nullable
        Completion take() {
            int at = (int) completions + head * QueueEntries.COMPLETION_BYTES;
            long second = LittleEndian.get(memory, at + 8, 8);
            if (QueueEntries.PHASE.isSet(second) != phase) {
                return null;
            }
            head++;
            if (head == entries) {
                head = 0;
                phase = !phase;
            }
            return new Completion(
                    (int) QueueEntries.SQID.of(second),
                    (int) QueueEntries.COMPLETED_CID.of(second),
                    (int) QueueEntries.STATUS.of(second),
                    LittleEndian.get(memory, at, 8),
                    (int) QueueEntries.SQHD.of(second));
        }

        void acknowledge() {
            if (mustRing(8L * id + 4, head)) {
                controller.writeRegister(0, headDoorbell(id), 4, head);
            }
        }

        /// Puts `value` into its shadow doorbell, if it has one; whether the register must be written: section 5.7,
        /// and as Linux's `nvme_dbbuf_update_and_check_event` does it.
        private boolean mustRing(long place, int value) {
            if (shadow == 0 || id == 0) {
                return true;
            }
            int old = (int) word(shadow + place, 4);
            LittleEndian.put(value, memory, (int) (shadow + place), 4);
            int index = (int) word(shadow + PAGE + place, 4);
            return ((value - index - 1) & 0xffff) < ((value - old) & 0xffff);
        }

        List<Completion> takeAll() {
            List<Completion> all = new ArrayList<>();
            for (Completion each = take(); each != null; each = take()) {
                all.add(each);
            }
            if (!all.isEmpty()) {
                acknowledge();
            }
            return all;
        }
    }

    final Simulation simulation = new Simulation(0, Trace.off());
    final byte[] memory = new byte[MEMORY_BYTES];
    final NvmeController controller;
    final BlockStore store;
    final Pair admin = new Pair(0, ADMIN_SUBMISSIONS, ADMIN_COMPLETIONS, ADMIN_ENTRIES);
    private final LongSupplier latencyPicos;
    final int[] edges;
    final boolean[] levels;
    int accesses;
    /// Where the host has its shadow doorbells, with the indices in the page behind; 0: nowhere.
    private long shadow;
    private int nextCid;

    NvmeBench(NvmeProfile profile, BlockStore store, LongSupplier latencyPicos) {
        this(profile, store, latencyPicos, "nvme");
    }

    NvmeBench(NvmeProfile profile, BlockStore store, LongSupplier latencyPicos, String name) {
        this.latencyPicos = latencyPicos;
        this.store = store;
        edges = new int[profile.vectors()];
        levels = new boolean[profile.vectors()];
        controller = new NvmeController(this, name, profile, store);
    }

    /// A controller of 8 pairs of queues and a medium of 16 MiB that takes no time.
    static NvmeBench instant() {
        return new NvmeBench(new NvmeProfile(8, 9, 512, 0, 0, 0), new SparseStore(16 << 20), () -> 0);
    }

    long read(int register) {
        return controller.readRegister(0, register, 4);
    }

    void write(int register, long value) {
        controller.writeRegister(0, register, 4, value);
    }

    /// Enables it as a host does: section 7.6.1.
    void enable() {
        write(AQA, AQA_ASQS.to(ADMIN_ENTRIES - 1) | AQA_ACQS.to(ADMIN_ENTRIES - 1));
        controller.writeRegister(0, ASQ, 8, ADMIN_SUBMISSIONS);
        controller.writeRegister(0, ACQ, 8, ADMIN_COMPLETIONS);
        java.util.Arrays.fill(memory, (int) ADMIN_COMPLETIONS, (int) ADMIN_COMPLETIONS + PAGE, (byte) 0);
        admin.tail = 0;
        admin.head = 0;
        admin.phase = true;
        write(CC, CC_EN.to(1) | CC_IOSQES.to(6) | CC_IOCQES.to(4));
    }

    /// The host uses shadow doorbells for queues that it creates from now on.
    void shadow(long at) {
        check(run(admin, command(NvmeOpcodes.DOORBELL_BUFFER_CONFIG, 0, at, at + PAGE)));
        shadow = at;
    }

    /// A command of 64 bytes.
    byte[] command(int opcode, int nsid, long prp1, long prp2, int... dwordsFrom10) {
        byte[] command = new byte[QueueEntries.SUBMISSION_BYTES];
        nextCid = (nextCid + 1) & 0x7fff;
        LittleEndian.put(QueueEntries.OPC.to(opcode) | QueueEntries.CID.to(nextCid), command, 0, 4);
        LittleEndian.put(nsid, command, QueueEntries.NSID, 4);
        LittleEndian.put(prp1, command, QueueEntries.DPTR1, 8);
        LittleEndian.put(prp2, command, QueueEntries.DPTR2, 8);
        for (int i = 0; i < dwordsFrom10.length; i++) {
            LittleEndian.put(dwordsFrom10[i], command, QueueEntries.CDW10 + 4 * i, 4);
        }
        return command;
    }

    /// Runs one command to its end.
    Completion run(Pair pair, byte[] command) {
        pair.put(command);
        pair.ring();
        simulation.run();
        Completion completion = pair.take();
        if (completion == null) {
            throw new AssertionError("no completion");
        }
        pair.acknowledge();
        return completion;
    }

    Completion admin(int opcode, int nsid, long prp1, int... dwordsFrom10) {
        return run(admin, command(opcode, nsid, prp1, 0, dwordsFrom10));
    }

    /// Creates pair `id` of queues of so many entries at `at`, where both have room.
    Pair create(int id, long at, int entries) {
        long completions = at + ((long) entries * 64 + PAGE - 1) / PAGE * PAGE;
        java.util.Arrays.fill(memory, (int) completions, (int) completions + entries * 16, (byte) 0);
        int size = (entries - 1) << 16 | id;
        check(admin(NvmeOpcodes.CREATE_IO_CQ, 0, completions, size, id << 16 | 3));
        check(admin(NvmeOpcodes.CREATE_IO_SQ, 0, at, size, id << 16 | 1));
        return new Pair(id, at, completions, entries);
    }

    static void check(Completion completion) {
        if (completion.status() != 0) {
            throw new AssertionError(completion.toString());
        }
    }

    long word(long address, int byteCount) {
        return LittleEndian.get(memory, (int) address, byteCount);
    }

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
        accesses++;
        long picos = latencyPicos.getAsLong();
        if (picos == 0) {
            finish(transaction);
        } else {
            simulation.event("access", () -> finish(transaction)).in(picos);
        }
    }

    private void finish(Transaction transaction) {
        long address = transaction.iova();
        int byteCount = transaction.byteCount();
        if (address < 0 || address > memory.length - byteCount) {
            transaction.complete(Status.ADDRESS_ERROR);
            return;
        }
        if (transaction.kind() == Kind.WRITE) {
            System.arraycopy(transaction.data(), 0, memory, (int) address, byteCount);
        } else {
            System.arraycopy(memory, (int) address, transaction.data(), 0, byteCount);
        }
        transaction.complete(Status.SUCCESS);
    }

    @Override
    public void interrupt(int vector, boolean asserted) {
        if (asserted && !levels[vector]) {
            edges[vector]++;
        }
        levels[vector] = asserted;
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
