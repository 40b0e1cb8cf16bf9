package flyby.validate.attack;

import flyby.validate.Section;

/// Section `attack`: rows 10.1 to 10.9.
public final class AttackSection {
    private AttackSection() {}

    public static Section section() {
        return new Section("attack", "DMA attacks and defences, on a whole machine", AttackRows.rows());
    }
}
