package flyby.study;

import flyby.sim.Time;
import java.util.List;

/// Something that a run shows and that deserves words: what went wrong (or did not), with the bytes that prove it.
///
/// @param bad whether it is a failure
/// @param title one line: `The CPU read 64 stale bytes`
/// @param explanation a few sentences for a reader who meets this for the first time
/// @param remedy what would mend it: the missing operation, as the driver would write it; empty if nothing is wrong
/// @param bytes the evidence: at most a few hundred bytes
public record Finding(boolean bad, String title, String explanation, String remedy, List<ByteEvidence> bytes) {
    public Finding {
        bytes = List.copyOf(bytes);
    }

    /// A rule that a driver has broken.
    static Finding of(flyby.check.Finding breach) {
        String where = breach.site().isKnown() ? " in " + breach.site() : "";
        return new Finding(
                true,
                breach.rule().number() + ": " + breach.what(),
                "%s, by %s%s at %s."
                        .formatted(
                                breach.rule().sentence().replaceAll("\\.$", ""),
                                breach.party(),
                                where,
                                Time.text(breach.timePicos())),
                breach.advice(),
                List.of());
    }

    /// A run of bytes that were seen, beside those that should have been.
    ///
    /// @param address the physical address of the first
    /// @param seen what was seen, in the order of the addresses
    /// @param seenBy who saw it: `CPU, through its cache`
    /// @param right what is right, as many bytes
    /// @param rightIn where the right bytes were at that instant: `memory at 0x8000`, `dirty line of the CPU cache`
    @SuppressWarnings("ArrayRecordComponent") // Evidence is printed, never compared.
    public record ByteEvidence(long address, byte[] seen, String seenBy, byte[] right, String rightIn) {}
}
