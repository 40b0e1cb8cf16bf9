package flyby.i8237;

import static flyby.i8237.layout.I8237Registers.ALL_MASK;
import static flyby.i8237.layout.I8237Registers.CLEAR_FLIP_FLOP;
import static flyby.i8237.layout.I8237Registers.CLEAR_MASK;
import static flyby.i8237.layout.I8237Registers.COMMAND;
import static flyby.i8237.layout.I8237Registers.COMMAND_ADDRESS_HOLD;
import static flyby.i8237.layout.I8237Registers.COMMAND_DACK_HIGH;
import static flyby.i8237.layout.I8237Registers.COMMAND_DISABLE;
import static flyby.i8237.layout.I8237Registers.COMMAND_DREQ_LOW;
import static flyby.i8237.layout.I8237Registers.COMMAND_MEMORY_TO_MEMORY;
import static flyby.i8237.layout.I8237Registers.COMMAND_ROTATING;
import static flyby.i8237.layout.I8237Registers.MASTER_CLEAR;
import static flyby.i8237.layout.I8237Registers.MODE;
import static flyby.i8237.layout.I8237Registers.MODE_CHANNEL;
import static flyby.i8237.layout.I8237Registers.REQUEST;
import static flyby.i8237.layout.I8237Registers.SELECT_CHANNEL;
import static flyby.i8237.layout.I8237Registers.SELECT_SET;
import static flyby.i8237.layout.I8237Registers.SERVICE_BLOCK;
import static flyby.i8237.layout.I8237Registers.SERVICE_SINGLE;
import static flyby.i8237.layout.I8237Registers.SINGLE_MASK;
import static flyby.i8237.layout.I8237Registers.STATUS;
import static flyby.i8237.layout.I8237Registers.TEMPORARY;

/// The registers of an 8237A and what they decide: who asks for service, who goes first, what a transfer changes.
/// Data sheet 231466, "Register Description" and "Priority".
final class Registers {
    private static final int ALL = (1 << I8237A.CHANNELS) - 1;

    private final Channel[] channels = {new Channel(), new Channel(), new Channel(), new Channel()};
    private int command;
    private int terminalCounts;
    private int requests;
    private int masks = ALL;
    private int temporary;
    /// The first/last flip-flop: whether the next byte is the high one.
    private boolean atHighByte;
    private int dreqPins;
    private int lastServed = I8237A.CHANNELS - 1;

    /// Data sheet, "Master Clear": clears command, status, request, temporary and flip-flop, sets all masks. Modes,
    /// addresses and counts stay.
    void reset() {
        command = 0;
        terminalCounts = 0;
        requests = 0;
        masks = ALL;
        temporary = 0;
        atHighByte = false;
        lastServed = I8237A.CHANNELS - 1;
    }

    Channel channel(int number) {
        return channels[number];
    }

    int command() {
        return command;
    }

    int temporary() {
        return temporary;
    }

    void temporary(int value) {
        temporary = value & 0xff;
    }

    boolean isAtHighByte() {
        return atHighByte;
    }

    // As the CPU sees them.

    int peek(int at) {
        if (at < STATUS) {
            Channel channel = channels[at >> 1];
            int word = (at & 1) == 0 ? channel.address : channel.count;
            return atHighByte ? word >> 8 : word & 0xff;
        }
        return switch (at) {
            case STATUS -> terminalCounts | (activeDreqs() << 4);
            case TEMPORARY -> temporary;
            default -> 0xff;
        };
    }

    void wasRead(int at) {
        if (at < STATUS) {
            atHighByte = !atHighByte;
        } else if (at == STATUS) {
            terminalCounts = 0;
        }
    }

    /// Writes a register.
    ///
    /// @return whether it is a master clear
    boolean write(int at, int value) {
        if (at < COMMAND) {
            Channel channel = channels[at >> 1];
            if ((at & 1) == 0) {
                channel.writeAddress(value, atHighByte);
            } else {
                channel.writeCount(value, atHighByte);
            }
            atHighByte = !atHighByte;
            return false;
        }
        switch (at) {
            case COMMAND -> command = value;
            case REQUEST -> requests = select(requests, value);
            case SINGLE_MASK -> masks = select(masks, value);
            case MODE -> channels[(int) MODE_CHANNEL.of(value)].mode(value);
            case CLEAR_FLIP_FLOP -> atHighByte = false;
            case CLEAR_MASK -> masks = 0;
            case ALL_MASK -> masks = value & ALL;
            default -> {
                return at == MASTER_CLEAR;
            }
        }
        return false;
    }

    private static int select(int bits, int value) {
        int bit = 1 << SELECT_CHANNEL.of(value);
        return SELECT_SET.isSet(value) ? bits | bit : bits & ~bit;
    }

    // Requests and priority.

    void dreq(int channel, boolean high) {
        dreqPins = high ? dreqPins | (1 << channel) : dreqPins & ~(1 << channel);
    }

    int dreqPins() {
        return dreqPins;
    }

    boolean isDackHigh() {
        return COMMAND_DACK_HIGH.isSet(command);
    }

    /// The DREQ lines that ask, masked or not.
    int activeDreqs() {
        return COMMAND_DREQ_LOW.isSet(command) ? ~dreqPins & ALL : dreqPins;
    }

    boolean isMasked(int channel) {
        return (masks & (1 << channel)) != 0;
    }

    boolean hasTerminalCount(int channel) {
        return (terminalCounts & (1 << channel)) != 0;
    }

    boolean hasSoftwareRequest(int channel) {
        return (requests & (1 << channel)) != 0;
    }

    /// Data sheet, "Request Register": not maskable, and only a channel in block mode honours it; memory-to-memory
    /// it is how channel 0 is started, and single mode does as well.
    boolean honoursSoftwareRequest(int channel) {
        int service = channels[channel].service();
        return service == SERVICE_BLOCK || (isMemoryToMemory(channel) && service == SERVICE_SINGLE);
    }

    boolean isRequested(int channel) {
        int bit = 1 << channel;
        return (activeDreqs() & ~masks & bit) != 0 || ((requests & bit) != 0 && honoursSoftwareRequest(channel));
    }

    boolean isMemoryToMemory(int channel) {
        return channel == 0 && COMMAND_MEMORY_TO_MEMORY.isSet(command);
    }

    boolean isDisabled() {
        return COMMAND_DISABLE.isSet(command);
    }

    /// The channel to be served next, or -1. Fixed priority is 0, 1, 2, 3; rotating begins after the channel that
    /// was served last.
    int choose() {
        if (isDisabled() || (requests | (activeDreqs() & ~masks)) == 0) {
            return -1;
        }
        int first = COMMAND_ROTATING.isSet(command) ? lastServed + 1 : 0;
        for (int i = 0; i < I8237A.CHANNELS; i++) {
            int channel = (first + i) % I8237A.CHANNELS;
            if (isRequested(channel)) {
                return channel;
            }
        }
        return -1;
    }

    void served(int channel) {
        lastServed = channel;
    }

    // What a transfer changes.

    /// Moves `channel` on by one transfer.
    ///
    /// @param endAsked whether EOP came from outside
    /// @return whether this is the end of process: terminal count or EOP
    boolean step(int channel, boolean endAsked) {
        Channel served = channels[channel];
        boolean ends = served.isAtLast() || endAsked;
        served.stepAddress();
        served.stepCount();
        if (ends) {
            endOfProcess(channel, true);
        }
        return ends;
    }

    /// Moves channels 0 and 1 on by one memory-to-memory transfer. Channel 1's count ends the process; channel 0
    /// may autoinitialize on its own.
    ///
    /// @param endAskedReading whether EOP came from outside in the read half; data sheet, "Autoinitialize": a
    /// channel reloads by it only if it came in that channel's bus cycle
    /// @param endAskedWriting whether it came in the write half
    /// @return whether this is the end of process
    boolean stepMemoryToMemory(boolean endAskedReading, boolean endAskedWriting) {
        Channel source = channels[0];
        boolean sourceReloads = source.isAtLast() || endAskedReading;
        if (!COMMAND_ADDRESS_HOLD.isSet(command)) {
            source.stepAddress();
        }
        source.stepCount();
        if (sourceReloads && source.autoinitializes()) {
            source.reload();
        }
        Channel destination = channels[1];
        boolean destinationReloads = destination.isAtLast() || endAskedWriting;
        destination.stepAddress();
        destination.stepCount();
        boolean ends = destinationReloads || endAskedReading;
        if (ends) {
            note(0);
            endOfProcess(1, destinationReloads);
        }
        return ends;
    }

    /// Data sheet, "EOP": sets the TC bit and clears the request; sets the mask, or autoinitializes.
    private void endOfProcess(int channel, boolean reloads) {
        note(channel);
        if (!channels[channel].autoinitializes()) {
            masks |= 1 << channel;
        } else if (reloads) {
            channels[channel].reload();
        }
    }

    private void note(int channel) {
        terminalCounts |= 1 << channel;
        requests &= ~(1 << channel);
    }
}
