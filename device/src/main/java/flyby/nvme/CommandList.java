package flyby.nvme;

import org.jspecify.annotations.Nullable;

/// Commands in the order in which they came. A command is in one list at most.
final class CommandList {
    private @Nullable Command first;
    private @Nullable Command last;
    private int size;

    void add(Command command) {
        command.next = null;
        if (last == null) {
            first = command;
        } else {
            last.next = command;
        }
        last = command;
        size++;
    }

    @Nullable
    Command first() {
        return first;
    }

    @Nullable
    Command poll() {
        Command command = first;
        if (command != null) {
            first = command.next;
            if (first == null) {
                last = null;
            }
            command.next = null;
            size--;
        }
        return command;
    }

    /// Takes `command` out, wherever it stands; whether it was there.
    boolean remove(Command command) {
        Command before = null;
        for (Command each = first; each != null; each = each.next) {
            if (each == command) {
                if (before == null) {
                    first = each.next;
                } else {
                    before.next = each.next;
                }
                if (last == each) {
                    last = before;
                }
                each.next = null;
                size--;
                return true;
            }
            before = each;
        }
        return false;
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return first == null;
    }

    void clear() {
        first = null;
        last = null;
        size = 0;
    }
}
