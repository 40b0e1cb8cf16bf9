package flyby.nvme;

import flyby.base.LittleEndian;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import java.util.ArrayDeque;

/// Shadow doorbells: section 5.7. Off until a host has configured them, and only for I/O queues, as hosts ring those of
/// the Admin Queue in any case.
///
/// A host puts its doorbell values into memory, and rings only when one passes the EventIdx, which says how far the
/// controller has looked. So whenever the controller comes to rest, it *looks*: it writes EventIdx, so that it will
/// hear of the next change, and then reads the value, so that it misses none that came before.
final class Doorbells {
    private static final int STRIDE = 8;
    private static final int VALUE_BYTES = 4;

    private final HostMemory memory;
    private final Queues queues;
    private final ArrayDeque<SubmissionQueue> tails = new ArrayDeque<>();
    private final ArrayDeque<CompletionQueue> heads = new ArrayDeque<>();
    private final HostAccess.Taker written = this::written;
    private final HostAccess.Taker read = this::read;
    private long shadow;
    private long index;
    /// Queues below this one have a place in the page.
    private int limit;

    Doorbells(HostMemory memory, Queues queues) {
        this.memory = memory;
        this.queues = queues;
    }

    void reset() {
        limit = 0;
        tails.clear();
        heads.clear();
    }

    /// A host has set aside two pages: for its values, and for how far the controller has looked.
    void configure(long shadow, long index, int pageBytes) {
        this.shadow = shadow;
        this.index = index;
        limit = pageBytes / STRIDE;
        queues.lookAtAll();
    }

    private boolean covers(int id) {
        return id > 0 && id < limit;
    }

    /// The host has rung for `queue`. What it rang with may be old by now, as its values in memory go on while a posted
    /// write is on its way: the memory counts.
    ///
    /// @return whether it has such values
    boolean rung(SubmissionQueue queue, int value) {
        queue.rung = value;
        queue.isLookingAgain = queue.isLooking;
        drained(queue);
        return covers(queue.id);
    }

    /// The same for the other kind of queue.
    boolean rung(CompletionQueue queue, int value) {
        queue.rung = value;
        queue.isLookingAgain = queue.isLooking;
        wantRoom(queue);
        return covers(queue.id);
    }

    /// `queue` has no more entries that the controller knows of.
    void drained(SubmissionQueue queue) {
        if (covers(queue.id) && !queue.isLooking) {
            queue.isLooking = true;
            tails.add(queue);
        }
    }

    /// `queue` is full, as far as the controller knows.
    void wantRoom(CompletionQueue queue) {
        if (covers(queue.id) && !queue.isLooking) {
            queue.isLooking = true;
            heads.add(queue);
        }
    }

    /// `queue` has new entries. A host that has but a wire must ring when it has taken them, or the wire would stay
    /// asserted; those that have messages use other vectors than 0 for I/O.
    void posted(CompletionQueue queue) {
        if (queue.vector == 0) {
            wantRoom(queue);
        }
    }

    /// Begins to look where that was wanted; whether it did.
    boolean advance() {
        boolean any = false;
        while (!tails.isEmpty() || !heads.isEmpty()) {
            HostAccess access = memory.control.take();
            if (access == null) {
                break;
            }
            any = true;
            access.queue = tails.poll();
            if (access.queue == null) {
                access.completions = heads.poll();
            }
            LittleEndian.put(value(access), access.data(), 0, VALUE_BYTES);
            memory.submit(access, written, Kind.WRITE, index + place(access), VALUE_BYTES, 0);
        }
        return any;
    }

    private static int value(HostAccess access) {
        SubmissionQueue submissions = access.queue;
        CompletionQueue completions = access.completions;
        return submissions != null ? submissions.tail : completions != null ? completions.head : 0;
    }

    private static int place(HostAccess access) {
        SubmissionQueue submissions = access.queue;
        CompletionQueue completions = access.completions;
        if (submissions != null) {
            return submissions.id * STRIDE;
        }
        return completions == null ? 0 : completions.id * STRIDE + VALUE_BYTES;
    }

    private void written(HostAccess access, Status status) {
        if (status != Status.SUCCESS) {
            missed(access);
            return;
        }
        HostAccess second = memory.control.take();
        if (second == null) {
            // It cannot now: it looks again when something else has happened.
            again(access);
            return;
        }
        second.queue = access.queue;
        second.completions = access.completions;
        memory.submit(second, read, Kind.READ, shadow + place(access), VALUE_BYTES, 0);
    }

    private void again(HostAccess access) {
        SubmissionQueue submissions = access.queue;
        CompletionQueue completions = access.completions;
        if (submissions != null) {
            tails.add(submissions);
        } else if (completions != null) {
            heads.add(completions);
        }
    }

    private void read(HostAccess access, Status status) {
        SubmissionQueue submissions = access.queue;
        CompletionQueue completions = access.completions;
        if (status != Status.SUCCESS) {
            missed(access);
            return;
        }
        int value = (int) LittleEndian.get(access.data(), 0, VALUE_BYTES) & 0xffff;
        if (submissions != null) {
            submissions.isLooking = false;
            boolean isNew = value != submissions.tail && submissions.accepts(value);
            if (isNew && queues.submission(submissions.id) == submissions) {
                queues.tail(submissions, value);
            }
            if (submissions.isLookingAgain) {
                submissions.isLookingAgain = false;
                drained(submissions);
            }
        } else if (completions != null) {
            completions.isLooking = false;
            boolean isNew = value != completions.head && completions.accepts(value);
            if (isNew && queues.completion(completions.id) == completions) {
                queues.head(completions, value);
                posted(completions);
            }
            if (completions.isLookingAgain) {
                completions.isLookingAgain = false;
                wantRoom(completions);
            }
        }
    }

    /// Where a host has its doorbells, there is nothing: from now on what it rings with counts.
    private void missed(HostAccess access) {
        limit = 0;
        SubmissionQueue submissions = access.queue;
        CompletionQueue completions = access.completions;
        if (submissions != null) {
            submissions.isLooking = false;
            if (submissions.accepts(submissions.rung) && queues.submission(submissions.id) == submissions) {
                queues.tail(submissions, submissions.rung);
            }
        } else if (completions != null) {
            completions.isLooking = false;
            if (completions.accepts(completions.rung) && queues.completion(completions.id) == completions) {
                queues.head(completions, completions.rung);
            }
        }
    }
}
