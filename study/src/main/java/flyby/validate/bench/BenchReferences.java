package flyby.validate.bench;

import flyby.validate.Reference;

/// What rows of pcie-bench are taken from.
public final class BenchReferences {
    /// The measured result files.
    public static final Reference DATA = new Reference(
            "PD",
            "pcie-bench, data, commit b2abf2f: an NFP6000 of 1.2 GHz in Gen3 x8 slots of five hosts",
            "github.com/pcie-bench/data");

    private BenchReferences() {}
}
