package flyby.nvme;

/// Asynchronous events: section 5.2. What has happened waits for a command that asks; an event of a type that was told
/// is followed by another only when its log page has been read.
final class Events {
    /// Commands that may wait, less 1.
    static final int LIMIT = 3;

    static final int ERROR = 0;
    static final int SMART = 1;
    static final int NOTICE = 2;
    private static final int TYPES = 3;

    static final int ERROR_DOORBELL_REGISTER = 0;
    static final int ERROR_DOORBELL_VALUE = 1;
    static final int SMART_TEMPERATURE = 1;
    static final int NOTICE_NAMESPACE = 0;

    static final int LOG_ERROR = 0x01;
    static final int LOG_SMART = 0x02;
    static final int LOG_NAMESPACES = 0x04;

    /// Of Asynchronous Event Configuration: which critical warnings are events. Section 5.21.1.11.
    private static final int CONFIGURED_TEMPERATURE = 1 << 1;
    /// Of Asynchronous Event Configuration: Namespace Attribute Notices.
    private static final int CONFIGURED_NAMESPACE = 1 << 8;

    private final Engine engine;
    private final CommandList waiting = new CommandList();
    private final int[] information = new int[TYPES];
    private final int[] pages = new int[TYPES];
    private final boolean[] isPending = new boolean[TYPES];
    private final boolean[] isMasked = new boolean[TYPES];
    private int configuration;

    Events(Engine engine) {
        this.engine = engine;
    }

    void reset() {
        waiting.clear();
        configuration = 0;
        for (int type = 0; type < TYPES; type++) {
            isPending[type] = false;
            isMasked[type] = false;
        }
    }

    void configure(int value) {
        configuration = value;
    }

    /// Something has happened.
    void happened(int type, int what, int logPage) {
        boolean isWanted = switch (type) {
            case SMART -> (configuration & CONFIGURED_TEMPERATURE) != 0;
            case NOTICE -> (configuration & CONFIGURED_NAMESPACE) != 0;
            default -> true;
        };
        if (isWanted && !isPending[type] && !isMasked[type]) {
            isPending[type] = true;
            information[type] = what;
            pages[type] = logPage;
        }
    }

    /// The log page `page` has been read: what it tells of may happen again.
    void read(int page) {
        for (int type = 0; type < TYPES; type++) {
            if (isMasked[type] && pages[type] == page) {
                isMasked[type] = false;
            }
        }
    }

    /// Whether one more command may wait.
    boolean hasRoom() {
        return waiting.size() <= LIMIT;
    }

    /// `command` waits for an event. Its place in the Completion Queue is not kept meanwhile.
    void wait(Command command) {
        command.stage = Command.Stage.PARKED;
        waiting.add(command);
        SubmissionQueue queue = command.queue;
        if (queue != null) {
            queue.completions.reserved--;
            engine.unblock(queue.completions);
        }
    }

    /// Takes `command` out, which may be completed then; whether it waited and there is room for its completion.
    boolean remove(Command command) {
        SubmissionQueue queue = command.queue;
        if (queue == null || queue.completions.room() <= 0 || !waiting.remove(command)) {
            return false;
        }
        queue.completions.reserved++;
        return true;
    }

    /// Tells what has happened, if somebody waits and there is room; whether something was told.
    boolean tell() {
        boolean any = false;
        for (int type = 0; type < TYPES; type++) {
            Command command = waiting.first();
            if (isPending[type] && command != null && remove(command)) {
                isPending[type] = false;
                isMasked[type] = true;
                command.result = type | information[type] << 8 | pages[type] << 16;
                engine.complete(command, 0);
                any = true;
            }
        }
        return any;
    }
}
