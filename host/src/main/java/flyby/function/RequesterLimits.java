package flyby.function;

import flyby.base.Check;
import flyby.pcie.TagWidth;

/// What a function's own DMA engines can do; what software has enabled and the other end takes limits them further.
///
/// @param tagWidth the widest tags that it knows
/// @param tagsMax the most reads that it keeps outstanding, however many tags there are
/// @param readBytesMax the most bytes that it asks for at once: a power of two from 128 to 4,096
/// @param writeBytesMax the most bytes that it puts into a write, likewise
/// @param read how often it reads
/// @param write how often it writes
public record RequesterLimits(
        TagWidth tagWidth, int tagsMax, int readBytesMax, int writeBytesMax, Pace read, Pace write) {
    /// What an engine needs until it can go on: for every operation, and for every packet of it.
    ///
    /// The packets of a write leave back to back, and the engine then rests for all of them; those of a read keep
    /// their distance.
    ///
    /// @param operationPicos picoseconds, 0 or more
    /// @param packetPicos picoseconds, 0 or more
    public record Pace(long operationPicos, long packetPicos) {
        /// No limit but the link.
        public static final Pace UNLIMITED = new Pace(0, 0);

        public Pace {
            Check.that(
                    operationPicos >= 0 && packetPicos >= 0, "a pace of %d ps", Math.min(operationPicos, packetPicos));
        }
    }

    /// Eight-bit tags and nothing that holds it up.
    public static final RequesterLimits PLAIN =
            new RequesterLimits(TagWidth.EIGHT_BITS, 256, 4_096, 4_096, Pace.UNLIMITED, Pace.UNLIMITED);

    public RequesterLimits {
        Check.that(tagsMax > 0 && tagsMax <= tagWidth.tagCount(), "%d tags of %s", tagsMax, tagWidth);
    }
}
