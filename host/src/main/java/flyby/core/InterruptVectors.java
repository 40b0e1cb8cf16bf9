package flyby.core;

import flyby.base.Check;
import flyby.cpu.InterruptController;
import org.jspecify.annotations.Nullable;

/// A core's local interrupt controller: 256 vectors, each with its handler. SDM volume 3, sections 10.8 and 10.11.
///
/// A message is an edge: it is remembered until its handler begins, and messages that come before that are one. A
/// wire is a level, and its handler runs again and again until the device takes it back. The highest vector goes
/// first. Vectors of messages and of wires are numbered together.
public final class InterruptVectors implements InterruptController {
    /// How many vectors there are.
    public static final int COUNT = 256;

    private final @Nullable Runnable[] handlers = new @Nullable Runnable[COUNT];
    private final int[] disabled = new int[COUNT];
    /// Those that have a handler and are not disabled.
    private final long[] handled = new long[COUNT / 64];
    private final long[] messages = new long[COUNT / 64];
    private final long[] wires = new long[COUNT / 64];
    private Runnable whenPending = () -> {};

    InterruptVectors() {}

    /// A message for `vector` has come.
    @Override
    public void interrupt(int vector, boolean asserted) {
        if (asserted) {
            messages[word(vector)] |= bit(vector);
            tell();
        }
    }

    /// The wire that is connected to `vector` has the level `asserted` now.
    public void wire(int vector, boolean asserted) {
        if (asserted) {
            wires[word(vector)] |= bit(vector);
            tell();
        } else {
            wires[word(vector)] &= ~bit(vector);
        }
    }

    @Override
    public void whenPending(Runnable action) {
        whenPending = action;
    }

    @Override
    public void handler(int vector, Runnable handler) {
        int word = word(vector);
        Check.that(handlers[vector] == null, "vector %d has a handler", vector);
        handlers[vector] = handler;
        disabled[vector] = 0;
        handled[word] |= bit(vector);
    }

    @Override
    public void free(int vector) {
        int word = word(vector);
        handlers[vector] = null;
        handled[word] &= ~bit(vector);
        messages[word] &= ~bit(vector);
    }

    @Override
    public void disable(int vector) {
        handled[word(vector)] &= ~bit(vector);
        disabled[vector]++;
    }

    @Override
    public void enable(int vector) {
        int word = word(vector);
        if (disabled[vector] == 0) {
            return;
        }
        disabled[vector]--;
        if (disabled[vector] == 0 && handlers[vector] != null) {
            handled[word] |= bit(vector);
        }
    }

    @Override
    public boolean isPending() {
        return pendingLine() >= 0;
    }

    @Override
    public int pendingLine() {
        for (int word = handled.length - 1; word >= 0; word--) {
            long pending = (messages[word] | wires[word]) & handled[word];
            if (pending != 0) {
                return word * 64 + 63 - Long.numberOfLeadingZeros(pending);
            }
        }
        return -1;
    }

    @Override
    public void handle() {
        int vector = pendingLine();
        if (vector >= 0) {
            messages[word(vector)] &= ~bit(vector);
            Runnable handler = handlers[vector];
            if (handler != null) {
                handler.run();
            }
        }
    }

    private void tell() {
        if (isPending()) {
            whenPending.run();
        }
    }

    private static int word(int vector) {
        if (vector < 0 || vector >= COUNT) {
            throw Check.bug("vector %d", vector);
        }
        return vector / 64;
    }

    private static long bit(int vector) {
        return 1L << (vector % 64);
    }
}
