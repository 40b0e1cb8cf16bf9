package flyby.validate.pcie;

import flyby.validate.Reference;

/// What section `pcie` is taken from.
final class PcieReferences {
    static final Reference MODEL = new Reference(
            "PM", "pcie-bench, pcie-model, model/pcie.py, commit 40703cf", "github.com/pcie-bench/pcie-model");

    static final Reference BASE = new Reference(
            "PCIE", "PCI Express Base Specification, revision 5.0", "pcisig.com (sections cited from memory)");

    static final Reference BASE6 = new Reference(
            "PCIE6", "PCI Express Base Specification, revision 6.0", "pcisig.com (sections cited from memory)");

    private PcieReferences() {}
}
