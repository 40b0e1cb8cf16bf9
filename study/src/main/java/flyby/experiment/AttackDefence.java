package flyby.experiment;

import flyby.topology.MachineDescription;
import flyby.topology.PartKind;
import java.util.Arrays;
import java.util.List;

/// What stands between an attacker's device and memory.
enum AttackDefence {
    NONE("none", "off", "the IOMMU is off"),
    PASSTHROUGH("passthrough", "passthrough", "the IOMMU lets every address of the device pass"),
    LAZY("lazy", "lazy", "the IOMMU lets the device reach what is mapped, and for a while what was"),
    STRICT("strict", "strict", "the IOMMU lets the device reach the pages that are mapped, and no others"),
    STRICT_PAGE("strict-page", "strict", "as strict, and each buffer has a page to itself"),
    BOUNCE("bounce", "strict", "as strict, and what does not fill pages of its own is bounced: an untrusted device"),
    ATS_TRUSTED("ats-trusted", "strict", "as strict, but the device is believed when it says that it has translated"),
    ATS_REFUSED("ats-refused", "strict", "as strict, and Address Translation Services are left off"),
    ATS_BLOCKED("ats-blocked", "strict", "as ats-trusted, but ACS of the switch above blocks translated requests");

    private static final String BOUNCE_POOL = "4 MiB";

    private final String word;
    private final String mode;
    private final String words;

    AttackDefence(String word, String mode, String words) {
        this.word = word;
        this.mode = mode;
        this.words = words;
    }

    static List<String> wordsOfAll() {
        return Arrays.stream(values()).map(AttackDefence::word).toList();
    }

    static AttackDefence of(String word) {
        return Arrays.stream(values())
                .filter(each -> each.word.equals(word))
                .findFirst()
                .orElseThrow();
    }

    /// As files call it.
    String word() {
        return word;
    }

    /// For people.
    String words() {
        return words;
    }

    /// Whether the attacker has a device with Address Translation Services, and says that its addresses are
    /// translated.
    boolean isAboutTranslations() {
        return this == ATS_TRUSTED || this == ATS_REFUSED || this == ATS_BLOCKED;
    }

    /// Whether requests go where they say.
    boolean isIdentity() {
        return this == NONE || this == PASSTHROUGH;
    }

    /// Whether the device is to reach nothing but what the tables say at the time.
    boolean isHeldToTables() {
        return !isIdentity() && this != LAZY && this != ATS_TRUSTED;
    }

    /// Whether receive and send buffers are whole pages.
    boolean hasWholePages() {
        return this == STRICT_PAGE;
    }

    /// The machine with this defence.
    MachineDescription of(MachineDescription machine) {
        MachineDescription defended = machine.with("iommu.mode", mode);
        if (this == BOUNCE) {
            // A machine with little memory has a small pool.
            return defended.with("dma.untrusted", "true").with("swiotlb.size", BOUNCE_POOL);
        }
        if (!isAboutTranslations()) {
            return defended;
        }
        boolean isBelieved = this != ATS_REFUSED;
        return defended.with("iommu.ats", String.valueOf(isBelieved))
                .withAll(PartKind.FUNCTION, "ats", "true")
                .withAll(PartKind.SWITCH, "translation-blocking", String.valueOf(this == ATS_BLOCKED));
    }
}
