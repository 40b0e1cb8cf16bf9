package flyby.function;

import flyby.configuration.layout.HeaderRegisters;

/// A function's interrupts: which of its vectors are asserted, and how that is told.
final class Interrupts {
    private final FunctionRegisters registers;
    private final IntxWires wires;
    private final int pin;
    private final boolean[] asserted;
    private int assertedCount;
    private boolean drivesWire;

    Interrupts(FunctionRegisters registers, IntxWires wires, FunctionDescription description) {
        this.registers = registers;
        this.wires = wires;
        this.pin = description.interruptPin();
        asserted = new boolean[description.vectors()];
        registers.space().whenWritten((_, _) -> driveWire());
    }

    /// The device drives `vector`.
    void drive(int vector, boolean isAsserted) {
        if (asserted[vector] == isAsserted) {
            return;
        }
        asserted[vector] = isAsserted;
        assertedCount += isAsserted ? 1 : -1;
        driveWire();
    }

    /// Section 7.5.1.1.4: Interrupt Status tells what the wire would say if it were not disabled.
    private void driveWire() {
        long status = registers.space().get(HeaderRegisters.STATUS, 2);
        registers
                .space()
                .set(
                        HeaderRegisters.STATUS,
                        2,
                        HeaderRegisters.STATUS_INTERRUPT.with(status, assertedCount > 0 ? 1 : 0));
        boolean drives = assertedCount > 0 && pin > 0 && !registers.isIntxDisabled();
        if (drives != drivesWire) {
            drivesWire = drives;
            wires.drive(pin - 1, drives);
        }
    }
}
