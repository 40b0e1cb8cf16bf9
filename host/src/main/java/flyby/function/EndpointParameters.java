package flyby.function;

import flyby.base.Check;

/// What the functions of an endpoint have in common.
///
/// @param maxPayloadBytes Max_Payload_Size Supported, section 7.5.3.3: a power of two from 128 to 4,096
/// @param registerPicos from the arrival of a read of a register, or of a configuration request, until its
/// completion waits to be sent
/// @param intxPicos from an edge of an INTx wire at the function to the same edge at the interrupt controller
/// @param isAri whether function numbers have eight bits and there is no device number: section 6.13
public record EndpointParameters(int maxPayloadBytes, long registerPicos, long intxPicos, boolean isAri) {
    public EndpointParameters {
        Check.that(registerPicos >= 0 && intxPicos >= 0, "an endpoint with a delay of %d ps", registerPicos);
    }

    /// The most functions that there can be: section 6.13.
    int functionsMax() {
        return isAri ? 256 : 8;
    }

    /// The bits of an ID that are the function's number.
    int numberMask() {
        return functionsMax() - 1;
    }
}
