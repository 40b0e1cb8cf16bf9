package flyby.nvme;

import static flyby.nvme.layout.QueueEntries.CDW10;
import static flyby.nvme.layout.QueueEntries.DPTR1;

import flyby.nvme.layout.NvmeOpcodes;
import flyby.nvme.layout.NvmeStatus;

/// Creates and deletes I/O queues: sections 5.3 to 5.6.
final class Creation {
    /// Entries of the largest queue.
    static final int ENTRIES_MAX = 1 << 16;

    private static final int PHYSICALLY_CONTIGUOUS = 1;
    private static final int INTERRUPTS_ENABLED = 1 << 1;
    private static final int DO_NOT_RETRY = NvmeStatus.DO_NOT_RETRY;

    private final Engine engine;
    private final Queues queues;
    private final Vectors vectors;
    private final Features features;
    /// Commands that wait for a queue to come to rest.
    private final CommandList waiting = new CommandList();

    private int pageBytes = HostMemory.PAGE_BYTES;

    Creation(Engine engine, Queues queues, Vectors vectors, Features features) {
        this.engine = engine;
        this.queues = queues;
        this.vectors = vectors;
        this.features = features;
    }

    void reset(int pageBytes) {
        this.pageBytes = pageBytes;
        waiting.clear();
    }

    private static int id(Command command) {
        return command.dword(10) & 0xffff;
    }

    private static int size(Command command) {
        return (command.dword(10) >>> 16) + 1;
    }

    /// What both kinds have in common.
    private int check(Command command, boolean isTaken) {
        if (id(command) == 0 || id(command) > features.pairs() || isTaken) {
            command.blame(CDW10, 0);
            return NvmeStatus.INVALID_QUEUE_IDENTIFIER | DO_NOT_RETRY;
        }
        if (size(command) < 2) {
            command.blame(CDW10 + 2, 0);
            return NvmeStatus.INVALID_QUEUE_SIZE | DO_NOT_RETRY;
        }
        if ((command.dword(11) & PHYSICALLY_CONTIGUOUS) == 0) {
            // CAP.CQR says so.
            command.blame(CDW10 + 4, 0);
            return NvmeStatus.INVALID_FIELD | DO_NOT_RETRY;
        }
        if ((command.dptr1 & (pageBytes - 1)) != 0) {
            command.blame(DPTR1, 0);
            return NvmeStatus.INVALID_PRP_OFFSET | DO_NOT_RETRY;
        }
        return NvmeStatus.SUCCESS;
    }

    int createCompletionQueue(Command command) {
        int status = check(command, queues.completion(id(command)) != null);
        if (status != NvmeStatus.SUCCESS) {
            return status;
        }
        int vector = command.dword(11) >>> 16;
        if (vector >= vectors.count()) {
            command.blame(CDW10 + 6, 0);
            return NvmeStatus.INVALID_INTERRUPT_VECTOR | DO_NOT_RETRY;
        }
        boolean raisesInterrupts = (command.dword(11) & INTERRUPTS_ENABLED) != 0;
        queues.add(new CompletionQueue(id(command), command.dptr1, size(command), vector, raisesInterrupts));
        return NvmeStatus.SUCCESS;
    }

    int createSubmissionQueue(Command command) {
        int status = check(command, queues.submission(id(command)) != null);
        if (status != NvmeStatus.SUCCESS) {
            return status;
        }
        int answersId = command.dword(11) >>> 16;
        CompletionQueue answers = queues.completion(answersId);
        if (answersId == 0 || answersId > features.pairs()) {
            command.blame(CDW10 + 6, 0);
            return NvmeStatus.INVALID_QUEUE_IDENTIFIER | DO_NOT_RETRY;
        }
        if (answers == null) {
            command.blame(CDW10 + 6, 0);
            return NvmeStatus.COMPLETION_QUEUE_INVALID | DO_NOT_RETRY;
        }
        queues.add(new SubmissionQueue(id(command), command.dptr1, size(command), answers));
        return NvmeStatus.SUCCESS;
    }

    /// Deletes a Submission Queue once it has come to rest.
    ///
    /// @return whether the command waits for that; else its status says why not
    boolean deleteSubmissionQueue(Command command) {
        SubmissionQueue queue = queues.submission(id(command));
        if (id(command) == 0 || queue == null || queue.isClosing) {
            command.blame(CDW10, 0);
            command.status = NvmeStatus.INVALID_QUEUE_IDENTIFIER | DO_NOT_RETRY;
            return false;
        }
        queue.isClosing = true;
        park(command);
        return true;
    }

    /// The same for a Completion Queue.
    boolean deleteCompletionQueue(Command command) {
        CompletionQueue queue = queues.completion(id(command));
        if (id(command) == 0 || queue == null) {
            command.blame(CDW10, 0);
            command.status = NvmeStatus.INVALID_QUEUE_IDENTIFIER | DO_NOT_RETRY;
            return false;
        }
        if (queue.users > 0) {
            command.blame(CDW10, 0);
            command.status = NvmeStatus.INVALID_QUEUE_DELETION | DO_NOT_RETRY;
            return false;
        }
        park(command);
        return true;
    }

    private void park(Command command) {
        command.stage = Command.Stage.PARKED;
        waiting.add(command);
    }

    /// Deletes what has come to rest; whether there was something.
    boolean settle() {
        boolean any = false;
        for (int left = waiting.size(); left > 0; left--) {
            Command command = waiting.poll();
            if (command == null) {
                break;
            }
            if (tryDelete(command)) {
                any = true;
            } else {
                waiting.add(command);
            }
        }
        return any;
    }

    private boolean tryDelete(Command command) {
        int status = NvmeStatus.SUCCESS;
        if (command.opcode == NvmeOpcodes.DELETE_IO_SQ) {
            SubmissionQueue queue = queues.submission(id(command));
            if (queue != null && (queue.active > 0 || queue.isFetching)) {
                return false;
            }
            if (queue != null) {
                queues.remove(queue);
            }
        } else {
            CompletionQueue queue = queues.completion(id(command));
            if (queue != null && queue.users > 0) {
                status = NvmeStatus.INVALID_QUEUE_DELETION | DO_NOT_RETRY;
            } else if (queue != null && !queue.isIdle()) {
                return false;
            } else if (queue != null) {
                queues.remove(queue);
            }
        }
        engine.complete(command, status);
        return true;
    }
}
