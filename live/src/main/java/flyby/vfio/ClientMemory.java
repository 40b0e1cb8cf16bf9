package flyby.vfio;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The client's memory, as the device reaches it: by the windows that the client has given, and nothing else.
///
/// What lies in windows that are mapped here is copied in the call that asks for it. For the others the client is
/// asked by messages; accesses that need any are done one after the other, in the order of their submission.
final class ClientMemory {
    /// Who asks the client.
    interface Messenger {
        /// Asks for `byteCount` bytes at `address`, or gives them.
        ///
        /// @param from where in the data of `transaction` they begin
        /// @return whether the message could be sent
        boolean ask(Transaction transaction, long address, int from, int byteCount);
    }

    private final DmaWindows windows = new DmaWindows();
    private final Witness witness;
    private final ArrayDeque<Transaction> errands = new ArrayDeque<>();
    private @Nullable Messenger messenger;
    private int messageBytesMax = 4_096;
    /// Of the first errand: how many of its bytes are done.
    private int done;

    private @Nullable Window asked;
    private int askedBytes;
    private boolean isWorking;

    ClientMemory(Witness witness) {
        this.witness = witness;
    }

    /// A client has come that can be asked for so many bytes at once.
    void connect(Messenger newMessenger, int bytesMax) {
        messenger = newMessenger;
        messageBytesMax = bytesMax;
        witness.connected(true);
    }

    /// The client has gone, and its memory with it. What it was asked for will not come.
    void disconnect() {
        messenger = null;
        asked = null;
        for (Window window : windows.removeAll()) {
            window.close();
        }
        while (!errands.isEmpty()) {
            errands.removeFirst().complete(Status.TIMEOUT);
        }
        done = 0;
        witness.connected(false);
    }

    int windowCount() {
        return windows.count();
    }

    void map(Window window) {
        windows.add(window);
        witness.mapped(window);
    }

    /// Takes windows away.
    ///
    /// @return those of them about which a message is under way: the device has not let go of them yet
    List<Window> unmap(long address, long byteCount) {
        return released(windows.remove(address, byteCount));
    }

    List<Window> unmapAll() {
        return released(windows.removeAll());
    }

    private List<Window> released(List<Window> removed) {
        for (Window window : removed) {
            witness.unmapped(window);
            window.close();
        }
        return removed.stream().filter(Window::isInUse).toList();
    }

    /// Does an access, now or later.
    void access(Transaction transaction) {
        if (!errands.isEmpty()) {
            errands.addLast(transaction);
            return;
        }
        switch (way(transaction)) {
            case NONE -> transaction.complete(Status.ADDRESS_ERROR);
            case HERE -> transaction.complete(copyAll(transaction));
            case MESSAGES -> {
                errands.addLast(transaction);
                work();
            }
        }
    }

    private enum Way {
        NONE,
        HERE,
        MESSAGES
    }

    /// No byte is moved unless all can be.
    private Way way(Transaction transaction) {
        Way way = Way.HERE;
        long at = transaction.iova();
        long left = transaction.byteCount();
        while (left > 0) {
            Window window = usable(transaction, at);
            if (window == null) {
                witness.refused(transaction, at, windows.find(at));
                return Way.NONE;
            }
            if (window.memory() == null) {
                way = Way.MESSAGES;
            }
            long count = Math.min(left, window.end() - at);
            at += count;
            left -= count;
        }
        return way;
    }

    private @Nullable Window usable(Transaction transaction, long at) {
        Window window = windows.find(at);
        if (window == null) {
            return null;
        }
        boolean isAllowed = transaction.kind() == Kind.READ ? window.canRead() : window.canWrite();
        return isAllowed ? window : null;
    }

    private Status copyAll(Transaction transaction) {
        int copied = 0;
        while (copied < transaction.byteCount()) {
            Window window = windows.find(transaction.iova() + copied);
            if (window == null || window.memory() == null) {
                return Status.ADDRESS_ERROR;
            }
            int count = piece(transaction, window, copied);
            if (!copy(transaction, window.memory().memory(), window.address(), copied, count)) {
                return Status.ADDRESS_ERROR;
            }
            copied += count;
        }
        return Status.SUCCESS;
    }

    private static int piece(Transaction transaction, Window window, int from) {
        return (int) Math.min(transaction.byteCount() - from, window.end() - (transaction.iova() + from));
    }

    /// @return whether there is memory: a client may have made its file shorter than what it had mapped
    private static boolean copy(Transaction transaction, MemorySegment memory, long base, int from, int count) {
        long offset = transaction.iova() + from - base;
        try {
            if (transaction.kind() == Kind.READ) {
                // Reads push writes: what a guest does about a write that it sees, this read sees.
                VarHandle.fullFence();
                MemorySegment.copy(memory, JAVA_BYTE, offset, transaction.data(), from, count);
            } else {
                // Writes are seen in their order.
                VarHandle.releaseFence();
                MemorySegment.copy(transaction.data(), from, memory, JAVA_BYTE, offset, count);
            }
            return true;
        } catch (InternalError _) {
            return false;
        }
    }

    /// Goes on with the first errand, and those behind it, as far as that goes without an answer of the client.
    private void work() {
        if (isWorking) {
            return;
        }
        isWorking = true;
        while (asked == null && !errands.isEmpty()) {
            Transaction transaction = errands.getFirst();
            if (done == transaction.byteCount()) {
                end(Status.SUCCESS);
            } else {
                step(transaction);
            }
        }
        isWorking = false;
    }

    private void step(Transaction transaction) {
        long at = transaction.iova() + done;
        Window window = usable(transaction, at);
        if (window == null) {
            witness.refused(transaction, at, windows.find(at));
            end(Status.ADDRESS_ERROR);
        } else if (window.memory() != null) {
            int count = piece(transaction, window, done);
            if (copy(transaction, window.memory().memory(), window.address(), done, count)) {
                done += count;
            } else {
                end(Status.ADDRESS_ERROR);
            }
        } else {
            int count = Math.min(messageBytesMax, piece(transaction, window, done));
            if (messenger != null && messenger.ask(transaction, at, done, count)) {
                asked = window;
                askedBytes = count;
                window.begun();
            } else {
                end(Status.TIMEOUT);
            }
        }
    }

    private void end(Status status) {
        Transaction transaction = errands.removeFirst();
        done = 0;
        transaction.complete(status);
    }

    /// Refuses an access of a device that may not ask for any.
    void refuse(Transaction transaction) {
        witness.notMaster(transaction);
        transaction.complete(Status.ADDRESS_ERROR);
    }

    /// Whether the client has been asked for something.
    boolean isAsked() {
        return asked != null;
    }

    /// The client has answered.
    ///
    /// @param bytes what it was asked for, `byteCount` of them from `offset` on, if that was a read and went well
    void answered(MemorySegment bytes, long offset, int byteCount, boolean isSuccess) {
        Window window = asked;
        if (window == null) {
            return;
        }
        asked = null;
        window.ended();
        Transaction transaction = errands.getFirst();
        boolean isRead = transaction.kind() == Kind.READ;
        if (!isSuccess || (isRead && byteCount < askedBytes)) {
            end(Status.ADDRESS_ERROR);
        } else {
            if (isRead) {
                MemorySegment.copy(bytes, JAVA_BYTE, offset, transaction.data(), done, askedBytes);
            }
            done += askedBytes;
        }
        work();
    }
}
