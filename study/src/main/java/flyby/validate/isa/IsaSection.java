package flyby.validate.isa;

import flyby.validate.Row;
import flyby.validate.Section;
import java.util.List;

/// Section `isa`.
public final class IsaSection {
    private IsaSection() {}

    public static Section section() {
        List<Row> rows = List.of();
        return new Section("isa", "the 8237A and the PC's ISA DMA", rows);
    }
}
