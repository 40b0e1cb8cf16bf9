package flyby.i8237;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// What random lives of a [ReferenceChip] have reached, so that a test can say that they were worth living.
final class Coverage {
    private static final String[] SERVICES = {"demand", "single", "block", "cascade"};

    private final Set<String> seen = new TreeSet<>();
    private State before = State.SI;

    /// Looks at the chip after a clock.
    void look(ReferenceChip chip) {
        Pins pins = chip.pins();
        State state = pins.state();
        seen.add(state.name());
        if (before == State.S0 && state == State.SI) {
            seen.add("a request that goes away in S0");
        }
        if (before == State.S4 && state == State.S1) {
            seen.add("S1 within a service");
        }
        if (before == State.S2 && state == State.SW) {
            seen.add("SW of compressed timing");
        }
        if (state == State.S23 || state == State.S3) {
            seen.add(pins.eop() ? "no terminal count" : "terminal count in " + state);
        }
        if (state == State.S4) {
            lookAtTransfer(chip.registers, chip.channel(), !pins.hrq());
        }
        before = state;
    }

    private void lookAtTransfer(ReferenceRegisters registers, int channel, boolean isOver) {
        seen.add(SERVICES[registers.mode[channel] >> 6] + (isOver ? " ends" : " goes on"));
        seen.add(TransferType.of(registers.type(channel)).name());
        seen.add(registers.isCompressed() ? "compressed" : "normal timing");
        seen.add(registers.isExtendedWrite() ? "extended write" : "late write");
        seen.add(registers.isRotating() ? "rotating priority" : "fixed priority");
        seen.add(registers.isDackHigh() ? "DACK active high" : "DACK active low");
        seen.add(registers.isDreqLow() ? "DREQ active low" : "DREQ active high");
        if (isOver && (registers.terminalCounts & (1 << channel)) != 0) {
            if (registers.isAutoinitialize(channel)) {
                seen.add("autoinitialize");
            } else if (registers.isBlock(channel) && registers.count[channel] != 0xffff) {
                seen.add("external EOP");
            }
        }
    }

    /// What there is to reach, and was not.
    List<String> missing() {
        List<String> wanted = new ArrayList<>(List.of(
                "a request that goes away in S0",
                "S1 within a service",
                "SW of compressed timing",
                "terminal count in S3",
                "terminal count in S23",
                "demand ends",
                "demand goes on",
                "single ends",
                "block ends",
                "block goes on",
                "compressed",
                "normal timing",
                "extended write",
                "late write",
                "rotating priority",
                "fixed priority",
                "DACK active high",
                "DACK active low",
                "DREQ active low",
                "DREQ active high",
                "autoinitialize",
                "external EOP"));
        Arrays.stream(State.values()).map(State::name).forEach(wanted::add);
        Arrays.stream(TransferType.values()).map(TransferType::name).forEach(wanted::add);
        wanted.removeAll(seen);
        return wanted;
    }
}
