package flyby.vfio;

import static flyby.vfio.Wire.INT;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import flyby.posix.Descriptor;
import flyby.posix.Errors;
import flyby.posix.EventFd;
import flyby.posix.PosixException;
import flyby.vfio.layout.DeviceMessages;
import java.lang.foreign.MemorySegment;

/// What a client asks of interrupts.
final class InterruptRequests {
    private static final int DATA =
            DeviceMessages.SET_DATA_NONE | DeviceMessages.SET_DATA_BOOL | DeviceMessages.SET_DATA_EVENTFD;
    private static final int ACTION =
            DeviceMessages.SET_ACTION_MASK | DeviceMessages.SET_ACTION_UNMASK | DeviceMessages.SET_ACTION_TRIGGER;

    private final Interrupts interrupts;

    InterruptRequests(Interrupts interrupts) {
        this.interrupts = interrupts;
    }

    int describe(Session session, Session.Request request) throws PosixException {
        if (request.byteCount() < DeviceMessages.INTERRUPT_BYTES) {
            return Errors.INVALID;
        }
        int index = session.inbox().get(INT, request.body() + DeviceMessages.INTERRUPT_INDEX);
        if (index < 0 || index >= DeviceMessages.INDEX_COUNT) {
            return Errors.INVALID;
        }
        int flags = index == DeviceMessages.INTX
                ? DeviceMessages.INTERRUPT_FLAG_EVENTFD
                        | DeviceMessages.INTERRUPT_FLAG_MASKABLE
                        | DeviceMessages.INTERRUPT_FLAG_AUTOMASKED
                : DeviceMessages.INTERRUPT_FLAG_EVENTFD | DeviceMessages.INTERRUPT_FLAG_NORESIZE;
        long body = session.reply(request, DeviceMessages.INTERRUPT_BYTES);
        MemorySegment replies = session.replies();
        replies.set(INT, body + DeviceMessages.ARGUMENT_SIZE, DeviceMessages.INTERRUPT_BYTES);
        replies.set(INT, body + DeviceMessages.FLAGS, flags);
        replies.set(INT, body + DeviceMessages.INTERRUPT_INDEX, index);
        replies.set(INT, body + DeviceMessages.INTERRUPT_COUNT, interrupts.count(index));
        return 0;
    }

    int set(Session session, Session.Request request) throws PosixException {
        if (request.byteCount() < DeviceMessages.SET_BYTES) {
            return Errors.INVALID;
        }
        MemorySegment inbox = session.inbox();
        int flags = inbox.get(INT, request.body() + DeviceMessages.FLAGS);
        int index = inbox.get(INT, request.body() + DeviceMessages.SET_INDEX);
        int start = inbox.get(INT, request.body() + DeviceMessages.SET_START);
        int count = inbox.get(INT, request.body() + DeviceMessages.SET_COUNT);
        boolean isKnown = index >= 0
                && index < DeviceMessages.INDEX_COUNT
                && start >= 0
                && count >= 0
                && count <= interrupts.count(index)
                && start <= interrupts.count(index) - count
                && Integer.bitCount(flags & DATA) == 1
                && Integer.bitCount(flags & ACTION) == 1
                && (flags & ~(DATA | ACTION)) == 0;
        if (!isKnown) {
            return Errors.INVALID;
        }
        int errno = switch (flags & ACTION) {
            case DeviceMessages.SET_ACTION_TRIGGER -> trigger(session, request, flags, index, start, count);
            case DeviceMessages.SET_ACTION_MASK -> mask(flags, index, count, true);
            default -> mask(flags, index, count, false);
        };
        if (errno == 0 && request.wantsReply()) {
            session.reply(request, 0);
        }
        return errno;
    }

    private int mask(int flags, int index, int count, boolean isMasked) {
        if (index != DeviceMessages.INTX || count == 0 || (flags & DeviceMessages.SET_DATA_NONE) == 0) {
            return Errors.INVALID;
        }
        interrupts.maskWire(isMasked);
        return 0;
    }

    private int trigger(Session session, Session.Request request, int flags, int index, int start, int count) {
        switch (flags & DATA) {
            case DeviceMessages.SET_DATA_EVENTFD -> listen(session, index, start, count);
            case DeviceMessages.SET_DATA_BOOL -> {
                if (request.byteCount() - DeviceMessages.SET_BYTES < count) {
                    return Errors.INVALID;
                }
                for (int i = 0; i < count; i++) {
                    if (session.inbox().get(JAVA_BYTE, request.body() + DeviceMessages.SET_BYTES + i) != 0) {
                        interrupts.trigger(index, start + i);
                    }
                }
            }
            default -> {
                if (count == 0) {
                    interrupts.forget(index);
                }
                for (int i = 0; i < count; i++) {
                    interrupts.trigger(index, start + i);
                }
            }
        }
        return 0;
    }

    /// Those for which there is no descriptor are not listened to any more.
    private void listen(Session session, int index, int start, int count) {
        for (int i = 0; i < count; i++) {
            Descriptor descriptor = session.takeDescriptor();
            interrupts.listen(index, start + i, descriptor == null ? null : new EventFd(descriptor));
        }
    }
}
