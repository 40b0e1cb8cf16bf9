package flyby.iommu;

import flyby.iommu.layout.RemappingRegisters;

/// The four registers of an interrupt of the remapping unit itself: control, data, address, upper address. Intel
/// VT-d, sections 11.4.7.2 to 11.4.7.5 and 11.4.9.5 to 11.4.9.8.
final class MessageRegisters {
    private static final int CONTROL = 0;
    private static final int DATA = 4;
    private static final int ADDRESS = 8;

    private final MessageSink sink;
    private boolean isMasked;
    private boolean isPending;
    private int data;
    private int address;
    private int upperAddress;

    MessageRegisters(MessageSink sink) {
        this.sink = sink;
        reset();
    }

    final void reset() {
        isMasked = true;
        isPending = false;
        data = 0;
        address = 0;
        upperAddress = 0;
    }

    /// Signals the interrupt, or remembers it until it is unmasked.
    void raise() {
        if (isMasked) {
            isPending = true;
        } else {
            sink.message(((long) upperAddress << Integer.SIZE) | (address & 0xffff_ffffL), data);
        }
    }

    /// Software has dealt with whatever the pending interrupt was for.
    void forget() {
        isPending = false;
    }

    /// @param register the offset from the first of the four
    int read(int register) {
        return switch (register) {
            case CONTROL ->
                (int) (RemappingRegisters.CTL_IM.to(isMasked ? 1 : 0)
                        | RemappingRegisters.CTL_IP.to(isPending ? 1 : 0));
            case DATA -> data;
            case ADDRESS -> address;
            default -> upperAddress;
        };
    }

    void write(int register, int value) {
        switch (register) {
            case CONTROL -> {
                isMasked = RemappingRegisters.CTL_IM.isSet(value & 0xffff_ffffL);
                if (!isMasked && isPending) {
                    isPending = false;
                    raise();
                }
            }
            case DATA -> data = value;
            case ADDRESS -> address = value;
            default -> upperAddress = value;
        }
    }
}
