package flyby.nvmehost;

import flyby.kernel.Errno;
import flyby.kernel.Kernel;
import flyby.sim.Time;
import java.util.List;

/// A namespace as its clients see it: blocks that are read and written by requests. `struct nvme_ns` with its
/// `gendisk`.
public final class NvmeNamespace {
    /// `NVME_IO_TIMEOUT`.
    private static final long TIMEOUT_PICOS = 30 * Time.SECOND;

    private final Kernel kernel;
    private final List<IoQueue> queues;
    private final int id;
    private final int blockBytes;
    private final long blocks;
    private final int transferBytesMax;

    NvmeNamespace(Kernel kernel, List<IoQueue> queues, int id, int blockBytes, long blocks, int transferBytesMax) {
        this.kernel = kernel;
        this.queues = queues;
        this.id = id;
        this.blockBytes = blockBytes;
        this.blocks = blocks;
        this.transferBytesMax = transferBytesMax;
    }

    /// Bytes of a block. `queue_logical_block_size`.
    public int blockBytes() {
        return blockBytes;
    }

    /// How many blocks it has. `get_capacity`.
    public long blocks() {
        return blocks;
    }

    /// The most bytes of data of one request. `queue_max_hw_sectors`.
    public int transferBytesMax() {
        return transferBytesMax;
    }

    /// How many pairs of I/O queues there are. `nr_hw_queues`.
    public int queueCount() {
        return queues.size();
    }

    /// Puts `request` into queue `queue`, counted from 0; the controller hears of it by [#commit]. `queue_rq`.
    ///
    /// @return 0; -EBUSY if the queue is full; another error if its data cannot be mapped
    public int queue(int queue, NvmeRequest request) {
        return queues.get(queue).queue(request, id);
    }

    /// Tells the controller of what was put into queue `queue`. `commit_rqs`.
    public void commit(int queue) {
        queues.get(queue).pair().ring();
    }

    /// Waits until `request` is over.
    ///
    /// @return its error
    public int await(NvmeRequest request) {
        boolean isOver = request.isOver() || kernel.cpu().await(request.completion(), TIMEOUT_PICOS);
        return isOver ? request.error() : -Errno.ETIMEDOUT;
    }

    /// Runs `request` in queue `queue` to its end. `blk_execute_rq`.
    ///
    /// @return its error
    public int execute(int queue, NvmeRequest request) {
        int error = queue(queue, request);
        if (error != 0) {
            return error;
        }
        commit(queue);
        return await(request);
    }

    /// How often the controller was told of new commands.
    public long doorbellCount() {
        return queues.stream().mapToLong(queue -> queue.pair().doorbellCount()).sum();
    }

    /// How often its I/O queues interrupted.
    public long interruptCount() {
        return queues.stream().mapToLong(queue -> queue.pair().interruptCount()).sum();
    }
}
