package flyby.link;

import flyby.base.Check;
import flyby.sim.Prng;

/// Which packets of one direction of a link are damaged on their way: at a rate, or the one that is named.
public final class LinkFaults {
    private final Prng prng;
    private final long tlpErrors;
    private final long dllpErrors;
    private final long outOf;
    private final long[] damagedTlps;
    private long tlpCount;

    private LinkFaults(Prng prng, long tlpErrors, long dllpErrors, long outOf, long[] damagedTlps) {
        this.prng = prng;
        this.tlpErrors = tlpErrors;
        this.dllpErrors = dllpErrors;
        this.outOf = outOf;
        this.damagedTlps = damagedTlps;
    }

    /// Of `outOf` packets, `tlpErrors` of the TLPs and `dllpErrors` of the DLLPs, drawn from `prng`.
    public static LinkFaults rate(Prng prng, long tlpErrors, long dllpErrors, long outOf) {
        Check.that(
                tlpErrors >= 0 && tlpErrors < outOf && dllpErrors >= 0 && dllpErrors < outOf,
                "%d and %d of %d packets damaged",
                tlpErrors,
                dllpErrors,
                outOf);
        return new LinkFaults(prng, tlpErrors, dllpErrors, outOf, new long[0]);
    }

    /// These TLPs, counted from 1 as they go over the wire, replayed ones each time.
    public static LinkFaults tlps(long... numbers) {
        return new LinkFaults(new Prng(0), 0, 0, 1, numbers.clone());
    }

    /// Whether the LCRC of the TLP that goes now will be wrong.
    boolean hitsTlp() {
        tlpCount++;
        for (long number : damagedTlps) {
            if (number == tlpCount) {
                return true;
            }
        }
        return tlpErrors > 0 && prng.chance(tlpErrors, outOf);
    }

    /// Whether the CRC of the DLLP that goes now will be wrong.
    boolean hitsDllp() {
        return dllpErrors > 0 && prng.chance(dllpErrors, outOf);
    }
}
