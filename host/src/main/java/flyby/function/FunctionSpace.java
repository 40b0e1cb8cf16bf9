package flyby.function;

import flyby.configuration.ConfigurationSpace;
import flyby.pcie.LinkRate;

/// The configuration space of a function whose packets somebody else handles: for hosts that bring their own way to
/// memory and their own interrupts. The registers are those of a [Function]; what follows from them is the host's
/// business, but for what is asked here.
public final class FunctionSpace {
    private static final EndpointParameters COMMON = new EndpointParameters(256, 0, 0, false);

    private final FunctionRegisters registers;

    public FunctionSpace(FunctionDescription description, LinkRate rate) {
        registers = new FunctionRegisters(description, COMMON);
        registers.link(rate);
        for (BaseAddress region : description.baseAddresses()) {
            Completer.define(registers.space(), region);
        }
        FunctionDescription.Msix place = description.msix();
        if (description.msiVectors() > 0) {
            new Msi(registers.space(), description.msiVectors());
        }
        if (place != null) {
            new MsixTable(registers.space(), place);
        }
    }

    /// The registers.
    public ConfigurationSpace registers() {
        return registers.space();
    }

    /// Whether it may ask for memory: Bus Master Enable is set, and it is in D0.
    public boolean isBusMaster() {
        return registers.isBusMaster();
    }

    /// Whether the wire of INTx must not be driven.
    public boolean isIntxDisabled() {
        return registers.isIntxDisabled();
    }

    /// Whether software has asked for a function-level reset since the last call: section 6.6.2.
    public boolean takeResetRequest() {
        return registers.takeResetRequest();
    }

    /// The state after a reset.
    public void reset() {
        registers.reset();
    }
}
