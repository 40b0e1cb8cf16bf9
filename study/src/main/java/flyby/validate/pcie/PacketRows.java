package flyby.validate.pcie;

import static flyby.validate.pcie.PcieReferences.BASE;
import static flyby.validate.pcie.PcieReferences.BASE6;
import static flyby.validate.pcie.PcieReferences.MODEL;

import flyby.pcie.CompletionStatus;
import flyby.pcie.Dllp;
import flyby.pcie.DllpCodec;
import flyby.pcie.Generation;
import flyby.pcie.Handling;
import flyby.pcie.MemoryTarget;
import flyby.pcie.PacketSizes;
import flyby.pcie.Payload;
import flyby.pcie.Tlp;
import flyby.pcie.TlpEncoder;
import flyby.validate.Facts;
import flyby.validate.Grade;
import flyby.validate.Row;
import flyby.validate.Tolerance;
import java.util.List;

/// Rows 2.3, 2.4, 2.8 and 2.9: what packets weigh. TLPs and DLLPs are encoded and their bytes counted.
final class PacketRows {
    private static final long LOW = 0x1000;
    private static final long HIGH = 0x1_0000_1000L;
    private static final Handling WITH_ECRC = new Handling(0, false, false, false, false, true);
    private static final String ENCODED =
            "A packet is encoded; its bytes are counted, less its data, and with the" + " framing of each generation.";

    private PacketRows() {}

    static List<Row> rows() {
        return List.of(
                overhead("2.3a", "MWr, 32-bit address", 20, write(LOW, Handling.PLAIN, 64)),
                overhead("2.3b", "MWr, 64-bit address", 24, write(HIGH, Handling.PLAIN, 64)),
                overhead("2.3c", "MRd, 32-bit address", 20, read(LOW)),
                overhead("2.3d", "MRd, 64-bit address", 24, read(HIGH)),
                overhead("2.3e", "CplD", 20, completion(Handling.PLAIN)),
                overhead("2.3f", "MWr, 64-bit address, ECRC", 28, write(HIGH, WITH_ECRC, 64)),
                overhead("2.3g", "CplD, ECRC", 24, completion(WITH_ECRC)),
                Row.of("2.3h", "TLPs as they are weighed and as they are encoded")
                        .rule("a TLP weighs the same with framing symbols and with tokens", PacketRows::weights)
                        .from(
                                Grade.A,
                                BASE.derived("sections 4.2.1.2 and 4.2.2.3"),
                                "TLPs of all kinds are encoded; their lengths are compared with PacketSizes."),
                Row.of("2.4", "MSI, 64-bit address")
                        .exactly(28, "B", () -> onLink(write(HIGH, Handling.PLAIN, 4)))
                        .from(Grade.A, MODEL.at("MSI_SIZE"), "A memory write of four bytes is encoded."),
                Row.of("2.8a", "DLLP")
                        .exactly(8, "B", () -> DllpCodec.encode(new Dllp.Ack(0)).length + PacketSizes.FRAMING_BYTES)
                        .from(Grade.A, MODEL.at("DLLP_Hdr, Ack_Size, FC_Size"), "An Ack is encoded and framed."),
                Row.of("2.8b", "SKP ordered sets, share of a lane")
                        .figure("0.0026", "1", Tolerance.rounded(), () -> FullLink.skipShare(Generation.GEN1))
                        .from(
                                Grade.A,
                                MODEL.derived("SKIP_Length by SKIP_Interval: 4 in 1538"),
                                "A full Gen1 link is simulated with and without them; the times are compared."),
                Row.of("2.9", "TLPs in a FLIT")
                        .figure("92.19", "%", Tolerance.rounded(), () -> FullLink.tlpPercent(Generation.GEN6))
                        .from(
                                Grade.A,
                                BASE6.derived("section 4.2.3: 236 of 256 bytes"),
                                "A full Gen6 link is simulated; the TLPs' bytes at the lanes' rate, by its time."));
    }

    private static Row overhead(String id, String quantity, int published, Tlp tlp) {
        return Row.of(id, quantity + ", without its data")
                .exactly(published, "B", () -> onLink(tlp) - dataBytes(tlp))
                .from(Grade.A, MODEL.at("TLP_MWr_Hdr_Szs, TLP_MRd_Hdr_Szs, TLP_CplD_Hdr_Szs"), ENCODED);
    }

    private static int onLink(Tlp tlp) {
        return TlpEncoder.encode(0, tlp).length + PacketSizes.FRAMING_BYTES;
    }

    private static int dataBytes(Tlp tlp) {
        return switch (tlp) {
            case Tlp.MemoryRead _ -> 0;
            case Tlp.MemoryWrite write -> write.data().byteCount();
            case Tlp.Completion completion -> completion.data().byteCount();
        };
    }

    private static Tlp write(long address, Handling handling, int byteCount) {
        return new Tlp.MemoryWrite(
                handling, MemoryTarget.of(0x0100, 0, address, byteCount), new Payload(new byte[byteCount]));
    }

    private static Tlp read(long address) {
        return new Tlp.MemoryRead(Handling.PLAIN, MemoryTarget.of(0x0100, 0, address, 512));
    }

    private static Tlp completion(Handling handling) {
        return new Tlp.Completion(
                handling, 0, CompletionStatus.SUCCESSFUL, 64, 0x0100, 0, 0, new Payload(new byte[64]));
    }

    private static void weights(Facts facts) {
        for (Generation generation : Generation.values()) {
            if (!generation.isFlitMode()) {
                facts.equal(
                        generation + " write",
                        onLink(write(HIGH, WITH_ECRC, 256)),
                        PacketSizes.tlpBytes(generation, PacketSizes.requestHeaderBytes(HIGH), 256, true));
                facts.equal(
                        generation + " read",
                        onLink(read(LOW)),
                        PacketSizes.tlpBytes(generation, PacketSizes.requestHeaderBytes(LOW), 0, false));
            }
        }
    }
}
