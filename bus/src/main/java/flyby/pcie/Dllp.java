package flyby.pcie;

import flyby.base.Check;

/// A data link layer packet, without its framing: section 3.5.1.
public sealed interface Dllp {
    /// All TLPs up to `sequence` have come.
    record Ack(int sequence) implements Dllp {
        public Ack {
            HeaderFields.checkSequence(sequence);
        }
    }

    /// The TLPs behind `sequence` must be sent again.
    record Nak(int sequence) implements Dllp {
        public Nak {
            HeaderFields.checkSequence(sequence);
        }
    }

    /// The credits granted so far, modulo their fields. Scaled flow control is not modelled: its two fields are
    /// sent as 0.
    ///
    /// @param virtualChannel 0 to 7
    /// @param headerCredits HdrFC: 0 to 255
    /// @param dataCredits DataFC, of 16 bytes each: 0 to 4,095
    record UpdateFc(CreditType type, int virtualChannel, int headerCredits, int dataCredits) implements Dllp {
        public UpdateFc {
            Check.that(virtualChannel >= 0 && virtualChannel < 8, "virtual channel %d", virtualChannel);
            Check.that(headerCredits >= 0 && headerCredits < 256, "%d header credits", headerCredits);
            Check.that(dataCredits >= 0 && dataCredits < 4_096, "%d data credits", dataCredits);
        }
    }

    /// What the credits of an [UpdateFc] are for: section 3.5.1.
    enum CreditType {
        POSTED(0x80),
        NON_POSTED(0x90),
        COMPLETION(0xa0);

        private final int code;

        CreditType(int code) {
            this.code = code;
        }

        /// The upper four bits of the packet's type.
        int code() {
            return code;
        }
    }
}
