package flyby.core;

import flyby.base.Check;
import flyby.bus.InterruptSink;
import org.jspecify.annotations.Nullable;

/// A core's local interrupt controller: 256 vectors, each with its handler. SDM volume 3, sections 10.8 and 10.11.
///
/// A message is an edge: it is remembered until its handler begins, and messages that come before that are one. A
/// wire is a level, and its handler runs again and again until the device takes it back. The highest vector goes
/// first. Vectors of messages and of wires are numbered together.
public final class InterruptVectors implements InterruptSink {
    /// How many vectors there are.
    public static final int COUNT = 256;

    private final @Nullable Runnable[] handlers = new @Nullable Runnable[COUNT];
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

    /// Has `action` called whenever a vector that has a handler may be pending. Once, at set-up.
    void whenPending(Runnable action) {
        whenPending = action;
    }

    void handler(int vector, Runnable handler) {
        int word = word(vector);
        Check.that(handlers[vector] == null, "vector %d has a handler", vector);
        handlers[vector] = handler;
        handled[word] |= bit(vector);
    }

    boolean isPending() {
        return pendingVector() >= 0;
    }

    /// The pending vector of the highest priority, or -1.
    int pendingVector() {
        for (int word = handled.length - 1; word >= 0; word--) {
            long pending = (messages[word] | wires[word]) & handled[word];
            if (pending != 0) {
                return word * 64 + 63 - Long.numberOfLeadingZeros(pending);
            }
        }
        return -1;
    }

    /// Runs the handler of the pending vector of the highest priority; if none is pending any more, does nothing.
    void handle() {
        int vector = pendingVector();
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
