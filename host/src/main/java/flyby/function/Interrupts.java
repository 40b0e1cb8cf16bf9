package flyby.function;

import flyby.base.LittleEndian;
import flyby.configuration.ConfigurationSpace;
import flyby.configuration.layout.HeaderRegisters;
import flyby.pcie.Packet;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A function's interrupts: which of its vectors are asserted, and how that is told. MSI-X is used if it is
/// enabled, else MSI if that is, else the INTx wire: section 6.1.
///
/// A message is sent when a vector becomes asserted. A vector that is masked then is pending, and is sent once its
/// mask is cleared, unless the device takes it back before.
final class Interrupts {
    private final ConfigurationSpace space;
    private final FunctionRegisters registers;
    private final IntxWires wires;
    private final Requester requester;
    private final int pin;
    private final @Nullable Msi msi;
    private final @Nullable MsixTable msix;
    private final boolean[] asserted;
    private int assertedCount;
    private boolean drivesWire;

    Interrupts(FunctionRegisters registers, IntxWires wires, Requester requester, FunctionDescription description) {
        this.registers = registers;
        this.space = registers.space();
        this.wires = wires;
        this.requester = requester;
        this.pin = description.interruptPin();
        FunctionDescription.Msix place = description.msix();
        msi = description.msiVectors() == 0 ? null : new Msi(space, description.msiVectors());
        msix = place == null ? null : new MsixTable(space, place);
        asserted = new boolean[description.vectors()];
        space.whenWritten((_, _) -> changed());
    }

    /// The table of MSI-X, if the function has one.
    @Nullable
    MsixTable msix() {
        return msix;
    }

    /// Whether messages are sent, and not a wire driven.
    boolean sendsMessages() {
        return table() != null;
    }

    /// The device drives `vector`.
    void drive(int vector, boolean isAsserted) {
        if (asserted[vector] == isAsserted) {
            return;
        }
        asserted[vector] = isAsserted;
        assertedCount += isAsserted ? 1 : -1;
        MessageTable table = table();
        if (table == null) {
            driveWire();
        } else if (!isAsserted) {
            table.pending(vector, false);
        } else if (table.isMasked(vector)) {
            table.pending(vector, true);
        } else {
            requester.interrupt(vector);
        }
    }

    /// Software has changed something: what was pending may be sent now.
    void changed() {
        driveWire();
        MessageTable table = table();
        if (table == null || table.pendingCount() == 0) {
            return;
        }
        for (int vector = 0; vector < asserted.length; vector++) {
            if (table.isPending(vector) && !table.isMasked(vector)) {
                table.pending(vector, false);
                requester.interrupt(vector);
            }
        }
    }

    /// Makes `packet` the message of `vector`.
    ///
    /// @return whether there is one: software may have disabled messages meanwhile
    boolean fill(Packet packet, int vector, int functionId) {
        MessageTable table = table();
        if (table == null) {
            return false;
        }
        packet.request(Packet.Kind.MEMORY_WRITE, functionId, 0, table.address(vector), 4);
        LittleEndian.put(table.data(vector), packet.data(), 0, 4);
        return true;
    }

    /// After a reset nothing is asserted.
    void reset() {
        Arrays.fill(asserted, false);
        assertedCount = 0;
        if (msix != null) {
            msix.reset();
        }
        driveWire();
    }

    private @Nullable MessageTable table() {
        if (msix != null && msix.isEnabled()) {
            return msix;
        }
        return msi != null && msi.isEnabled() ? msi : null;
    }

    /// Section 7.5.1.1.4: Interrupt Status tells what the wire would say if it were not disabled.
    private void driveWire() {
        boolean wants = assertedCount > 0 && pin > 0 && table() == null;
        long status = space.get(HeaderRegisters.STATUS, 2);
        space.set(HeaderRegisters.STATUS, 2, HeaderRegisters.STATUS_INTERRUPT.with(status, wants ? 1 : 0));
        boolean drives = wants && !registers.isIntxDisabled();
        if (drives != drivesWire) {
            drivesWire = drives;
            wires.drive(pin - 1, drives);
        }
    }
}
