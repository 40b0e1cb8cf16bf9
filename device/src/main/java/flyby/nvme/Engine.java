package flyby.nvme;

import flyby.bus.DeviceHost;
import flyby.nvme.Command.Stage;
import flyby.nvme.layout.NvmeStatus;
import flyby.sim.Alarm;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What drives commands on: a loop that takes entries, carries commands out, moves data and writes completions, until
/// nothing is left that could be done now. Whatever happens outside calls [#run], and never recurses.
final class Engine implements DataPointer.Listener, DataMover.Listener {
    /// Commands under way at once.
    static final int COMMANDS_MAX = 1_024;
    /// Rounds of the loop before others have a turn: a host that never stops must not stop its machine.
    private static final int ROUNDS_MAX = 256;
    /// How many of them are kept for the Admin Queue.
    private static final int ADMIN_RESERVE = 64;

    /// What carries out the commands of a queue.
    interface Executor {
        /// The command is there; its data are not.
        void start(Command command);

        /// Puts what is to go to the host into the command's buffer.
        ///
        /// @return one of [NvmeStatus]
        int fill(Command command);

        /// What came from the host is in the command's buffer.
        void received(Command command);

        /// The medium has had its time.
        void waited(Command command);
    }

    private final DeviceHost host;
    private final Alarm again;
    private final List<Command> commands = new ArrayList<>();
    private final CommandList free = new CommandList();
    private final CommandList ready = new CommandList();
    private final DataPointer pointer;
    private final DataMover mover;
    private final Wiring wiring;
    private int reserved;
    private int busy;
    private boolean isRunning;
    private boolean isAgain;
    private final Telling telling;
    private long transfer;

    /// What an engine is to know of the others, which know it.
    interface Wiring {
        Queues queues();

        Executor executor(boolean isAdmin);

        Errors errors();

        /// Something has happened; whether more can be done now.
        boolean settle();
    }

    Engine(DeviceHost host, String name, HostMemory memory, Telling telling, Wiring wiring, int transferBytesMax) {
        this.telling = telling;
        this.host = host;
        this.wiring = wiring;
        again = host.alarm(name + " goes on", this::run);
        pointer = new DataPointer(memory, this);
        mover = new DataMover(memory, this, transferBytesMax);
    }

    void reset(int pageBytes) {
        free.clear();
        ready.clear();
        mover.reset();
        pointer.reset(pageBytes);
        for (Command command : commands) {
            forget(command);
            free.add(command);
        }
        reserved = 0;
        busy = 0;
    }

    private void forget(Command command) {
        HostAccess direct = command.direct;
        if (direct != null && !direct.transaction.isFree()) {
            // Its access goes back by itself, when the host lets go of it.
            command.direct = null;
            command.buffer = null;
        }
        mover.release(command);
        command.stage = Stage.FREE;
        command.queue = null;
    }

    // The loop.

    /// Does all that can be done now.
    void run() {
        if (isRunning) {
            isAgain = true;
            return;
        }
        isRunning = true;
        int rounds = 0;
        do {
            isAgain = false;
            boolean any = carryOut();
            any |= pointer.advance();
            any |= mover.advance();
            any |= wiring.queues().fetch();
            any |= carryOut();
            any |= pointer.advance();
            any |= mover.advance();
            any |= wiring.queues().post();
            any |= wiring.queues().doorbells().advance();
            any |= wiring.settle();
            isAgain |= any;
        } while (isAgain && ++rounds < ROUNDS_MAX);
        isRunning = false;
        if (isAgain) {
            again.in(0);
        }
    }

    private boolean carryOut() {
        boolean any = false;
        for (Command command = ready.poll(); command != null; command = ready.poll()) {
            any = true;
            if (command.stage == Stage.START) {
                executor(command).start(command);
            } else {
                executor(command).waited(command);
            }
        }
        return any;
    }

    private Executor executor(Command command) {
        SubmissionQueue queue = command.queue;
        return wiring.executor(queue == null || queue.id == 0);
    }

    /// The transfer for which a doorbell was rung last, or 0.
    long transfer() {
        return transfer;
    }

    void rung() {
        transfer = host.currentTransfer();
        telling.rung(transfer);
    }

    /// The host can see so many more completions.
    void posted(int entries) {
        telling.posted(transfer, entries);
    }

    // Commands.

    /// How many more commands may be taken.
    int room(boolean isAdmin) {
        return COMMANDS_MAX - busy - reserved - (isAdmin ? 0 : ADMIN_RESERVE);
    }

    void reserve(int entries) {
        reserved += entries;
    }

    /// A command has come.
    void start(SubmissionQueue queue, byte[] data, int at) {
        Command command = free.poll();
        if (command == null) {
            command = new Command();
            commands.add(command);
        }
        busy++;
        command.decode(queue, data, at);
        command.transfer = transfer;
        ready.add(command);
    }

    void free(Command command) {
        command.stage = Stage.FREE;
        command.queue = null;
        busy--;
        free.add(command);
    }

    /// The command of that name that is under way, if there is one.
    @Nullable
    Command find(int queueId, int cid) {
        for (Command command : commands) {
            SubmissionQueue queue = command.queue;
            boolean isIt = queue != null && queue.id == queueId && command.cid == cid;
            if (isIt && command.stage != Stage.FREE && command.stage != Stage.DONE) {
                return command;
            }
        }
        return null;
    }

    /// Moves `byteCount` bytes (0 or more) of the command's data, and goes on with `fill` or `received`.
    void transfer(Command command, int byteCount, boolean toHost) {
        command.byteCount = byteCount;
        command.toHost = toHost;
        if (byteCount == 0) {
            complete(command, NvmeStatus.SUCCESS);
        } else {
            pointer.walk(command);
        }
    }

    /// The medium has had its time for `command`.
    void waited(Command command) {
        ready.add(command);
    }

    @Override
    public void walked(Command command, int status) {
        if (status == NvmeStatus.SUCCESS) {
            mover.move(command);
        } else {
            complete(command, status);
        }
    }

    @Override
    public int fill(Command command) {
        return executor(command).fill(command);
    }

    @Override
    public void moved(Command command, int status) {
        if (status != NvmeStatus.SUCCESS || command.toHost) {
            complete(command, status);
        } else {
            executor(command).received(command);
        }
    }

    /// The command is over.
    void complete(Command command, int status) {
        mover.release(command);
        command.stage = Stage.DONE;
        command.status = status;
        int code = status & NvmeStatus.CODE_MASK;
        if (code != NvmeStatus.SUCCESS && code != NvmeStatus.ABORT_REQUESTED) {
            command.status |= NvmeStatus.MORE;
            wiring.errors().happened(command);
        }
        wiring.queues().complete(command);
    }

    /// There may be room in `queue` for what waits for that.
    void unblock(CompletionQueue queue) {
        wiring.queues().unblock(queue);
    }

    /// The command's data are no longer needed.
    void release(Command command) {
        mover.release(command);
    }
}
