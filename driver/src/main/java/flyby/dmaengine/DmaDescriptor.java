package flyby.dmaengine;

import flyby.base.Check;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A transaction that was prepared. `struct dma_async_tx_descriptor`.
public final class DmaDescriptor {
    private final DmaChan channel;
    /// Its descriptors in the engine's memory, in their order.
    final int[] slots;
    /// How many bytes each of them moves.
    final long[] bytes;
    final boolean isCyclic;
    int cookie;
    /// How many descriptors of the channel are before it, counted from its start.
    int firstCount;

    @Nullable
    Consumer<DmaResult> callback;

    DmaDescriptor(DmaChan channel, int[] slots, long[] bytes, boolean isCyclic) {
        this.channel = channel;
        this.slots = slots;
        this.bytes = bytes;
        this.isCyclic = isCyclic;
    }

    /// Has `action` called when it is over, or when a period of it is; from a tasklet, so it must not wait.
    /// `callback_result`. Before [#submit].
    public DmaDescriptor callback(Consumer<DmaResult> action) {
        callback = action;
        return this;
    }

    /// Puts it behind what was submitted before. It does not begin before [DmaChan#issuePending]. `dmaengine_submit`.
    ///
    /// @return the cookie to ask for, 1 or more
    public int submit() {
        Check.that(cookie == 0, "submitted twice");
        return channel.submit(this);
    }

    /// How many bytes it moves, in one round.
    public long byteCount() {
        return residue(0, 0);
    }

    /// How many are left after `done` of its descriptors and `written` bytes of the next.
    long residue(int done, long written) {
        long sum = 0;
        for (int i = done; i < bytes.length; i++) {
            sum += bytes[i];
        }
        return Math.max(0, sum - written);
    }

    /// The count of the channel at which it is done.
    int endCount() {
        return firstCount + slots.length;
    }
}
