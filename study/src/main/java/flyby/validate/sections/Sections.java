package flyby.validate.sections;

import flyby.validate.Validation;
import flyby.validate.attack.AttackSection;
import flyby.validate.coherence.CoherenceSection;
import flyby.validate.iommu.IommuSection;
import flyby.validate.isa.IsaSection;
import flyby.validate.pcie.PcieSection;
import flyby.validate.pio.PioSection;
import java.util.List;

/// All sections that ship.
public final class Sections {
    private Sections() {}

    public static Validation shipped() {
        return new Validation(List.of(
                IsaSection.section(),
                PcieSection.section(),
                IommuSection.section(),
                PioSection.section(),
                CoherenceSection.section(),
                AttackSection.section()));
    }
}
