package flyby.zoo.engine;

import static flyby.zoo.engine.EngineRegisters.GO_READ;
import static flyby.zoo.engine.EngineRegisters.GO_WRITE;
import static flyby.zoo.engine.EngineRegisters.MEMORY_BYTES;
import static flyby.zoo.engine.EngineRegisters.STATUS_ERROR;
import static flyby.zoo.engine.EngineRegisters.STATUS_RECEIVED;
import static flyby.zoo.engine.EngineRegisters.STATUS_SENT;

/// One operation at a time, between the host's memory and the engine's own.
final class Operation {
    private final Engine engine;
    private final EngineOptions options;
    private final Steps steps;
    private final EngineMemory memory;

    long address;
    long length;
    long offset;

    private long command;
    private long result;
    private boolean isWaiting;
    private boolean isUnderWay;

    Operation(Engine engine, EngineOptions options, Steps steps, EngineMemory memory) {
        this.engine = engine;
        this.options = options;
        this.steps = steps;
        this.memory = memory;
    }

    void reset() {
        address = 0;
        length = 0;
        offset = 0;
        command = 0;
        result = 0;
        isWaiting = false;
        isUnderWay = false;
    }

    long command() {
        return command;
    }

    long result() {
        return result;
    }

    /// Whether it was told to go and has not begun.
    boolean isWaiting() {
        return isWaiting;
    }

    void go(long value) {
        if (value == 0) {
            takeBack();
        } else if (isWaiting || isUnderWay) {
            engine.objection("GO is set to %d while an operation is under way", value);
        } else if (value != GO_READ && value != GO_WRITE) {
            engine.objection("GO is set to %d", value);
        } else {
            command = value;
            isWaiting = true;
        }
    }

    private void takeBack() {
        if (isWaiting) {
            isWaiting = false;
            command = 0;
        } else if (isUnderWay) {
            steps.postpone(options.latePicos());
        }
    }

    void begin() {
        isWaiting = false;
        isUnderWay = true;
        result = 0;
        String what = command == GO_READ ? "the read" : "the write";
        int counted = engine.counted(what, length);
        if (counted == 0 || offset > MEMORY_BYTES - counted) {
            if (counted > 0) {
                engine.objection("%s is of %d bytes at 0x%x of the engine's memory", what, counted, offset);
            }
            over(0, false);
            return;
        }
        long from = engine.wired(what, address);
        int place = (int) offset;
        if (command == GO_READ) {
            steps.after(
                    options.operationPicos(),
                    () -> steps.read("data of the read", from, counted, (bytes, isWell) -> {
                        if (isWell) {
                            memory.bring(place, bytes);
                        }
                        over(counted, isWell);
                    }));
        } else {
            int written = options.isShort() ? (counted + 1) >> 1 : counted;
            steps.after(options.operationPicos(), () -> write(from, place, written));
        }
    }

    private void write(long to, int place, int byteCount) {
        if (memory.isWaiting(place, byteCount)) {
            engine.objection(
                    "the write takes %d bytes at 0x%x of the engine's memory before they have come there",
                    byteCount, place);
        }
        steps.write("data of the write", to, memory.take(place, byteCount), (_, isWell) -> over(byteCount, isWell));
    }

    private void over(int byteCount, boolean isWell) {
        isUnderWay = false;
        result = isWell ? byteCount : 0;
        engine.raise((command == GO_READ ? STATUS_SENT : STATUS_RECEIVED) | (isWell ? 0 : STATUS_ERROR));
    }
}
