package flyby.zoo.engine;

import static flyby.zoo.engine.EngineRegisters.COMPLETION_BYTES;
import static flyby.zoo.engine.EngineRegisters.COMPLETION_ID;
import static flyby.zoo.engine.EngineRegisters.COMPLETION_LENGTH;
import static flyby.zoo.engine.EngineRegisters.COMPLETION_PHASE;
import static flyby.zoo.engine.EngineRegisters.COMPLETION_STATUS;

import flyby.base.LittleEndian;
import java.util.Arrays;

/// The queue of completions, as far as the engine has written it.
final class CompletionQueue {
    private final EngineOptions options;
    private final Steps steps;
    long base;
    long size = 1;
    /// What software looks at next.
    long head;

    private long next;
    private long phase = 1;

    CompletionQueue(EngineOptions options, Steps steps) {
        this.options = options;
        this.steps = steps;
    }

    void reset() {
        base = 0;
        size = 1;
        begin();
    }

    /// From entry 0 on, with phase 1.
    void begin() {
        head = 0;
        next = 0;
        phase = 1;
    }

    boolean isFull() {
        return (next + 1) % size == head % size && size > 1;
    }

    /// Writes a completion, and does `then`.
    void write(long id, long byteCount, boolean isWell, Runnable then) {
        byte[] entry = new byte[COMPLETION_BYTES];
        LittleEndian.put(id, entry, COMPLETION_ID, 4);
        LittleEndian.put(byteCount, entry, COMPLETION_LENGTH, 4);
        LittleEndian.put(isWell ? 0 : 1, entry, COMPLETION_STATUS, 4);
        LittleEndian.put(phase, entry, COMPLETION_PHASE, 4);
        String what = "completion " + next;
        long at = base + next * COMPLETION_BYTES;
        next++;
        if (next == size) {
            next = 0;
            phase ^= 1;
        }
        if (options.splitReportPicos() == 0) {
            steps.write(what, at, entry, (_, _) -> then.run());
            return;
        }
        byte[] body = Arrays.copyOf(entry, COMPLETION_PHASE);
        byte[] last = Arrays.copyOfRange(entry, COMPLETION_PHASE, COMPLETION_BYTES);
        steps.write(
                what,
                at,
                body,
                (_, _) -> steps.after(
                        options.splitReportPicos(),
                        () -> steps.write("phase of " + what, at + COMPLETION_PHASE, last, (_, _) -> then.run())));
    }
}
