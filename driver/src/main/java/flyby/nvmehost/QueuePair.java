package flyby.nvmehost;

import static flyby.nvme.layout.QueueEntries.CDW0;
import static flyby.nvme.layout.QueueEntries.CDW10;
import static flyby.nvme.layout.QueueEntries.CID;
import static flyby.nvme.layout.QueueEntries.COMPLETED_CID;
import static flyby.nvme.layout.QueueEntries.COMPLETION_BYTES;
import static flyby.nvme.layout.QueueEntries.DPTR1;
import static flyby.nvme.layout.QueueEntries.DPTR2;
import static flyby.nvme.layout.QueueEntries.NSID;
import static flyby.nvme.layout.QueueEntries.OPC;
import static flyby.nvme.layout.QueueEntries.PHASE;
import static flyby.nvme.layout.QueueEntries.STATUS;
import static flyby.nvme.layout.QueueEntries.SUBMISSION_BYTES;

import flyby.base.LittleEndian;
import flyby.bus.Cpu;
import flyby.dma.CoherentBuffer;
import flyby.dma.Dma;
import flyby.kernel.Interrupts.Result;
import flyby.kernel.IoMemory;
import flyby.kernel.Kernel;
import flyby.nvme.layout.NvmeRegisters;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A Submission Queue and its Completion Queue, in memory that CPU and controller share. `struct nvme_queue`.
///
/// Command identifiers are the places of a table, each with a page for a list of PRPs or of SGL descriptors, so that
/// nothing is allocated for a command.
final class QueuePair {
    /// Who hears that a command is over.
    interface Listener {
        /// The command is over.
        ///
        /// @param status the Status Field
        /// @param result Dword 0 of the completion
        void ended(int tag, int status, long result);
    }

    private static final int PAGE_BYTES = 4_096;

    private final Kernel kernel;
    private final Cpu cpu;
    private final Dma dma;
    private final IoMemory registers;
    final int id;
    final int entries;
    private final CoherentBuffer submissions;
    private final CoherentBuffer completions;
    private final CoherentBuffer lists;
    private final byte[] image = new byte[SUBMISSION_BYTES];
    private final int[] free;
    private int freeCount;
    private final Listener listener;
    private int tail;
    private int rung;
    private int head;
    private boolean phase = true;
    private long doorbellCount;
    private long interruptCount;

    private QueuePair(
            Kernel kernel,
            Dma dma,
            IoMemory registers,
            int id,
            int entries,
            CoherentBuffer[] buffers,
            Listener listener) {
        this.kernel = kernel;
        this.cpu = kernel.cpu();
        this.dma = dma;
        this.registers = registers;
        this.id = id;
        this.entries = entries;
        submissions = buffers[0];
        completions = buffers[1];
        lists = buffers[2];
        this.listener = listener;
        // One entry fewer than there are: a full ring would look empty.
        free = new int[entries - 1];
        Arrays.setAll(free, tag -> tag);
        freeCount = free.length;
    }

    /// A pair of `entries` entries each, 2 or more, or null if there is no memory.
    static @Nullable QueuePair allocate(
            Kernel kernel, Dma dma, IoMemory registers, int id, int entries, Listener listener) {
        long[] byteCounts = {
            (long) entries * SUBMISSION_BYTES, (long) entries * COMPLETION_BYTES, (entries - 1L) * PAGE_BYTES
        };
        CoherentBuffer[] all = new CoherentBuffer[byteCounts.length];
        for (int i = 0; i < all.length; i++) {
            CoherentBuffer buffer = dma.allocCoherent(Math.max(PAGE_BYTES, byteCounts[i]));
            if (buffer == null) {
                for (int j = 0; j < i; j++) {
                    release(dma, all[j]);
                }
                return null;
            }
            all[i] = buffer;
        }
        QueuePair pair = new QueuePair(kernel, dma, registers, id, entries, all, listener);
        pair.clear();
        return pair;
    }

    /// As the controller expects it before it knows the queues: no phase tag is set.
    private void clear() {
        byte[] zeros = new byte[entries * COMPLETION_BYTES];
        cpu.storeBytes(completions.cpuAddress(), zeros, 0, zeros.length);
    }

    private static void release(Dma dma, CoherentBuffer buffer) {
        dma.freeCoherent(buffer.byteCount(), buffer.cpuAddress(), buffer.dmaAddress());
    }

    void release() {
        release(dma, submissions);
        release(dma, completions);
        release(dma, lists);
    }

    long submissionAddress() {
        return submissions.dmaAddress();
    }

    long completionAddress() {
        return completions.dmaAddress();
    }

    long doorbellCount() {
        return doorbellCount;
    }

    long interruptCount() {
        return interruptCount;
    }

    /// Where the list of command `tag` is, for the CPU.
    long list(int tag) {
        return lists.cpuAddress() + (long) tag * PAGE_BYTES;
    }

    /// The same for the controller.
    long listDma(int tag) {
        return lists.dmaAddress() + (long) tag * PAGE_BYTES;
    }

    /// A free command identifier, or -1.
    int take() {
        boolean flags = cpu.saveInterrupts();
        int tag = freeCount == 0 ? -1 : free[--freeCount];
        cpu.restoreInterrupts(flags);
        return tag;
    }

    void give(int tag) {
        free[freeCount++] = tag;
    }

    /// Puts a command into the ring; the controller is told by [#ring].
    ///
    /// @param flags PSDT, as Command Dword 0 has it
    /// @param dwords from Command Dword 10 on
    void put(int tag, int opcode, long flags, int nsid, long dptr1, long dptr2, int... dwords) {
        Arrays.fill(image, (byte) 0);
        LittleEndian.put(OPC.to(opcode) | CID.to(tag) | flags, image, CDW0, 4);
        LittleEndian.put(nsid, image, NSID, 4);
        LittleEndian.put(dptr1, image, DPTR1, 8);
        LittleEndian.put(dptr2, image, DPTR2, 8);
        for (int i = 0; i < dwords.length; i++) {
            LittleEndian.put(dwords[i], image, CDW10 + 4 * i, 4);
        }
        boolean flagsBefore = cpu.saveInterrupts();
        cpu.storeBytes(submissions.cpuAddress() + (long) tail * SUBMISSION_BYTES, image, 0, SUBMISSION_BYTES);
        tail = tail + 1 == entries ? 0 : tail + 1;
        cpu.restoreInterrupts(flagsBefore);
    }

    /// Tells the controller of all that was put.
    void ring() {
        if (rung != tail) {
            rung = tail;
            doorbellCount++;
            // An ordered write: the controller does not see the tail before the entries.
            registers.write32(NvmeRegisters.tailDoorbell(id), tail);
        }
    }

    /// The interrupt of the Completion Queue. `nvme_irq`.
    Result interrupt() {
        interruptCount++;
        return poll() ? Result.HANDLED : Result.NONE;
    }

    /// Takes what is in the Completion Queue; whether there was something. `nvme_poll_cq`.
    boolean poll() {
        boolean any = false;
        for (long second = second(); PHASE.isSet(second) == phase; second = second()) {
            any = true;
            // Dword 0 must not be loaded before the phase tag was seen.
            cpu.dmaReadBarrier();
            long result = cpu.le32(cpu.load32(completions.cpuAddress() + (long) head * COMPLETION_BYTES));
            head++;
            if (head == entries) {
                head = 0;
                phase = !phase;
            }
            int tag = (int) COMPLETED_CID.of(second);
            if (tag >= entries - 1) {
                kernel.warn("nvme: completion of command %d, which there is not, in queue %d", tag, id);
            } else {
                listener.ended(tag, (int) STATUS.of(second), result);
            }
        }
        if (any) {
            registers.write32(NvmeRegisters.headDoorbell(id), head);
        }
        return any;
    }

    private long second() {
        return cpu.le64(cpu.load64(completions.cpuAddress() + (long) head * COMPLETION_BYTES + 8));
    }
}
