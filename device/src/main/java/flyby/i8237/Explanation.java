package flyby.i8237;

import static flyby.i8237.layout.I8237Registers.COMMAND_DREQ_LOW;
import static flyby.i8237.layout.I8237Registers.COMMAND_MEMORY_TO_MEMORY;
import static flyby.i8237.layout.I8237Registers.SERVICE_BLOCK;
import static flyby.i8237.layout.I8237Registers.SERVICE_CASCADE;
import static flyby.i8237.layout.I8237Registers.SERVICE_DEMAND;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Says in words what an 8237A is about, and why it does not do what somebody may have expected.
final class Explanation {
    private final Registers registers;
    private final List<String> sentences = new ArrayList<>();

    private Explanation(Registers registers) {
        this.registers = registers;
    }

    static List<String> of(Registers registers, State state, int current, long clocksInState) {
        Explanation explanation = new Explanation(registers);
        explanation.chip(state, current, clocksInState);
        for (int channel = 0; channel < I8237A.CHANNELS; channel++) {
            explanation.channel(channel);
        }
        return explanation.sentences;
    }

    private void say(String sentence) {
        sentences.add(sentence);
    }

    /// With thousands set apart.
    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private void chip(State state, int current, long clocksInState) {
        long clockCount = clocksInState + 1;
        String clocks = number(clockCount) + (clockCount == 1 ? " clock" : " clocks");
        switch (state) {
            case SI -> {
                int next = registers.choose();
                say("the chip is idle (SI)"
                        + (next < 0 ? ": no channel asks for service" : " and about to serve channel " + next));
            }
            case S0 -> say("HLDA never came: HRQ has been up for channel " + current + ", for " + clocks);
            case SW -> say("READY is low: channel " + current + " has waited in SW for " + clocks);
            case SC -> say("channel " + current + " cascades: the bus belongs to the controller behind it");
            default -> say("the chip is in " + state + ", serving channel " + current);
        }
        if (registers.isDisabled()) {
            say("the controller is disabled (command bit 2): no request is served");
        }
        if (registers.isAtHighByte()) {
            say("the first/last flip-flop points at the high byte: the next byte of an address or count is the high"
                    + " one; a write to offset C clears it");
        }
        if (COMMAND_DREQ_LOW.isSet(registers.command())) {
            say("DREQ is active low (command bit 6): a line that is high does not ask");
        }
    }

    private void channel(int number) {
        Channel channel = registers.channel(number);
        String subject = "channel " + number;
        boolean asks = (registers.activeDreqs() & (1 << number)) != 0;
        if (registers.isMasked(number)) {
            String done = registers.hasTerminalCount(number) ? ", as it has reached terminal count" : "";
            say(subject + " is masked" + done + (asks ? ": its DREQ is active and is not seen" : ""));
        } else {
            say(subject + " is unmasked and " + (asks ? "its DREQ is active" : "waits for its DREQ"));
        }
        if (registers.hasSoftwareRequest(number) && !registers.honoursSoftwareRequest(number)) {
            say(subject + " has a software request that is not honoured: its mode is " + service(channel)
                    + ", and only block mode honours one");
        }
        if (channel.service() == SERVICE_CASCADE) {
            say(subject + " is in cascade mode: it passes on HRQ and HLDA and moves nothing itself");
            return;
        }
        if (channel.isBlank()) {
            return;
        }
        int transfers = channel.count + 1;
        say("%s: %s mode, %s, address 0x%04X, count is 0x%04X: %s transfer%s%s"
                .formatted(
                        subject,
                        service(channel),
                        channel.type().name().toLowerCase(Locale.ROOT),
                        channel.address,
                        channel.count,
                        number(transfers),
                        transfers == 1 ? "" : "s",
                        channel.autoinitializes() ? ", then again (autoinitialize)" : ""));
        boolean inMemory = COMMAND_MEMORY_TO_MEMORY.isSet(registers.command()) && number < 2;
        if (!inMemory && (channel.type() == TransferType.VERIFY || channel.type() == TransferType.ILLEGAL)) {
            say(subject + " moves no data: its transfer type drives no strobes");
        }
    }

    private static String service(Channel channel) {
        return switch (channel.service()) {
            case SERVICE_DEMAND -> "demand";
            case SERVICE_BLOCK -> "block";
            case SERVICE_CASCADE -> "cascade";
            default -> "single";
        };
    }
}
