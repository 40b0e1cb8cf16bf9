package flyby.validate.pcie;

import flyby.validate.Reference;

/// What section `pcie` is taken from.
final class PcieReferences {
    static final Reference MODEL = new Reference(
            "PM", "pcie-bench, pcie-model, model/pcie.py, commit 40703cf", "github.com/pcie-bench/pcie-model");

    static final Reference NIC_MODEL = new Reference(
            "PMN",
            "pcie-bench, pcie-model, nic_bw.py with model/simple_nic.py, niantic.py and eth.py, commit 40703cf",
            "github.com/pcie-bench/pcie-model");

    static final Reference PAPER = new Reference(
            "PCB",
            "Neugebauer et al., Understanding PCIe performance for end host networking, SIGCOMM 2018",
            "doi.org/10.1145/3230543.3230560 (cited from memory)");

    static final Reference BASE = new Reference(
            "PCIE", "PCI Express Base Specification, revision 5.0", "pcisig.com (sections cited from memory)");

    static final Reference BASE6 = new Reference(
            "PCIE6", "PCI Express Base Specification, revision 6.0", "pcisig.com (sections cited from memory)");

    private PcieReferences() {}
}
