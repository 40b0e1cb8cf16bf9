package flyby.apidebug;

import flyby.dma.Direction;
import flyby.dma.Dma;

/// What is known of one mapping, or of an unmap that looks for one. `struct dma_debug_entry`.
final class Entry {
    enum Type {
        SINGLE("single"),
        SG("scatter-gather"),
        COHERENT("coherent"),
        NONCOHERENT("noncoherent"),
        RESOURCE("resource");

        final String word;

        Type(String word) {
            this.word = word;
        }
    }

    enum ErrorCheck {
        NOT_APPLICABLE,
        NOT_CHECKED,
        CHECKED
    }

    /// What identifies a mapping, and what an unmap has to say again.
    ///
    /// @param physical of the CPU's side; -1 where the call does not say
    /// @param sgCount how many entries the driver has said that the list has; 0 if it is none
    record Shape(
            Dma device,
            Type type,
            long dmaAddress,
            long byteCount,
            Direction direction,
            long physical,
            int sgCount,
            long attributes) {}

    /// A call.
    ///
    /// @param callSite the driver's line
    record Use(Shape shape, String callSite, long timePicos) {}

    final Shape shape;
    final int sgMappedCount;
    final String callSite;
    ErrorCheck errorCheck;

    Entry(Shape shape, int sgMappedCount, String callSite) {
        this.shape = shape;
        this.sgMappedCount = sgMappedCount;
        this.callSite = callSite;
        boolean isAsked = shape.type() == Type.SINGLE || shape.type() == Type.RESOURCE;
        errorCheck = isAsked ? ErrorCheck.NOT_CHECKED : ErrorCheck.NOT_APPLICABLE;
    }

    boolean isAt(Shape other) {
        return shape.device() == other.device() && shape.dmaAddress() == other.dmaAddress();
    }

    boolean contains(Shape other) {
        return shape.device() == other.device()
                && Long.compareUnsigned(shape.dmaAddress(), other.dmaAddress()) <= 0
                && Long.compareUnsigned(shape.dmaAddress() + shape.byteCount(), other.dmaAddress() + other.byteCount())
                        >= 0;
    }

    /// How many of four things are the same: 4 is a perfect fit.
    int fit(Shape other) {
        return (shape.byteCount() == other.byteCount() ? 1 : 0)
                + (shape.type() == other.type() ? 1 : 0)
                + (shape.direction() == other.direction() ? 1 : 0)
                + (shape.sgCount() == other.sgCount() ? 1 : 0);
    }
}
