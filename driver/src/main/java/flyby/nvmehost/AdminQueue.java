package flyby.nvmehost;

import flyby.bus.Completion;
import flyby.dma.Dma;
import flyby.kernel.Errno;
import flyby.kernel.IoMemory;
import flyby.kernel.Kernel;
import flyby.nvme.layout.NvmeStatus;
import flyby.sim.Time;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The Admin Queue, one command at a time. `nvme_submit_sync_cmd`.
final class AdminQueue implements QueuePair.Listener {
    private static final int ENTRIES = 32;
    /// `NVME_ADMIN_TIMEOUT`.
    private static final long TIMEOUT_PICOS = 60 * Time.SECOND;

    private final Kernel kernel;
    private @Nullable QueuePair pair;
    private final Completion done = new Completion("an NVMe admin command");
    private int status;
    private long result;

    private AdminQueue(Kernel kernel) {
        this.kernel = kernel;
    }

    static @Nullable AdminQueue allocate(Kernel kernel, Dma dma, IoMemory registers) {
        AdminQueue queue = new AdminQueue(kernel);
        queue.pair = QueuePair.allocate(kernel, dma, registers, 0, ENTRIES, queue);
        return queue.pair == null ? null : queue;
    }

    QueuePair pair() {
        return Objects.requireNonNull(pair);
    }

    @Override
    public void ended(int tag, int how, long what) {
        pair().give(tag);
        status = how;
        result = what;
        done.complete();
    }

    /// Dword 0 of the last completion.
    long result() {
        return result;
    }

    /// Runs a command to its end.
    ///
    /// @return 0, or -EIO if the controller refuses, or -ETIMEDOUT
    int execute(int opcode, int nsid, long data, int... dwords) {
        int tag = pair().take();
        if (tag < 0) {
            return -Errno.EBUSY;
        }
        done.reset();
        pair().put(tag, opcode, 0, nsid, data, 0, dwords);
        pair().ring();
        if (!kernel.cpu().await(done, TIMEOUT_PICOS)) {
            return -Errno.ETIMEDOUT;
        }
        return (status & NvmeStatus.CODE_MASK) == NvmeStatus.SUCCESS ? 0 : -Errno.EIO;
    }
}
