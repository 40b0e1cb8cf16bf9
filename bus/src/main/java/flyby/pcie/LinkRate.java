package flyby.pcie;

import flyby.base.Check;
import java.math.BigInteger;

/// How long bytes take on a link, exactly: a fraction of integers, rounded once.
public final class LinkRate {
    private static final long PICOS_PER_MICRO = 1_000_000;

    private final Generation generation;
    private final LinkWidth width;
    private final long picosNumerator;
    private final long picosDenominator;

    public LinkRate(Generation generation, LinkWidth width) {
        this.generation = generation;
        this.width = width;
        long numerator = 8L * generation.lineBits() * PICOS_PER_MICRO;
        long denominator = (long) generation.dataBits() * generation.megatransfersPerSecond() * width.lanes();
        long divisor = BigInteger.valueOf(numerator)
                .gcd(BigInteger.valueOf(denominator))
                .longValueExact();
        picosNumerator = numerator / divisor;
        picosDenominator = denominator / divisor;
    }

    private LinkRate(Generation generation, LinkWidth width, long picosPerByte) {
        this.generation = generation;
        this.width = width;
        picosNumerator = picosPerByte;
        picosDenominator = 1;
    }

    /// The same with a byte that takes a whole number of picoseconds, rounded to the nearest: as models have it
    /// that count in them.
    public LinkRate wholePicos() {
        long rounded = (2 * picosNumerator + picosDenominator) / (2 * picosDenominator);
        return new LinkRate(generation, width, rounded);
    }

    public Generation generation() {
        return generation;
    }

    public LinkWidth width() {
        return width;
    }

    /// A byte takes this many [#picosDenominator]ths of a picosecond. The fraction is in lowest terms.
    public long picosNumerator() {
        return picosNumerator;
    }

    /// See [#picosNumerator].
    public long picosDenominator() {
        return picosDenominator;
    }

    /// Picoseconds until the last bit of `byteCount` bytes has passed, rounded up. All lanes share the bytes
    /// evenly; that symbols and blocks fill whole lanes is not modelled here.
    public long picosFor(long byteCount) {
        Check.that(byteCount >= 0, "%d bytes on a link", byteCount);
        return Math.ceilDiv(Math.multiplyExact(byteCount, picosNumerator), picosDenominator);
    }
}
