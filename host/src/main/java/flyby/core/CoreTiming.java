package flyby.core;

import flyby.base.Check;

/// What a core costs beyond its caches, and how much it has under way.
///
/// @param instructionPicos each single load, store or register access, beside what it waits for
/// @param wordPicos each 8 bytes of a block move
/// @param fillBuffers how many lines of a block move may be on their way at once, 1 or more
/// @param combiningBuffers lines that collect write-combining stores, 1 or more
/// @param interruptPicos from taking an interrupt to the handler's first instruction
/// @param returnPicos from the handler's last instruction to the interrupted code
/// @param contextSwitchPicos from one thread to another
/// @param order what order of its accesses the core keeps
/// @param acceptPicos from the time that a line of a combining buffer leaves for a register until the root complex has
/// accepted it and the core knows
public record CoreTiming(
        long instructionPicos,
        long wordPicos,
        int fillBuffers,
        int combiningBuffers,
        long interruptPicos,
        long returnPicos,
        long contextSwitchPicos,
        MemoryOrder order,
        long acceptPicos) {
    public CoreTiming {
        Check.that(
                instructionPicos >= 0
                        && wordPicos >= 0
                        && interruptPicos >= 0
                        && returnPicos >= 0
                        && contextSwitchPicos >= 0
                        && acceptPicos >= 0,
                "negative times");
        Check.that(
                fillBuffers >= 1 && combiningBuffers >= 1,
                "%d fill and %d combining buffers",
                fillBuffers,
                combiningBuffers);
    }

    /// A core that keeps program order, and whose lines are accepted at once.
    public CoreTiming(
            long instructionPicos,
            long wordPicos,
            int fillBuffers,
            int combiningBuffers,
            long interruptPicos,
            long returnPicos,
            long contextSwitchPicos) {
        this(
                instructionPicos,
                wordPicos,
                fillBuffers,
                combiningBuffers,
                interruptPicos,
                returnPicos,
                contextSwitchPicos,
                MemoryOrder.STRONG,
                0);
    }
}
