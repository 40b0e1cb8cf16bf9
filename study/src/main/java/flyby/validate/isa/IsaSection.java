package flyby.validate.isa;

import flyby.validate.Row;
import flyby.validate.Section;
import java.util.List;
import java.util.stream.Stream;

/// Section `isa`: rows 1.1 to 1.37.
public final class IsaSection {
    private IsaSection() {}

    public static Section section() {
        List<Row> rows = Stream.of(
                        ChipTiming.rows(),
                        ChipRates.rows(),
                        ChipModes.rows(),
                        ChipRegisters.rows(),
                        ChipBytes.rows(),
                        PcTiming.rows(),
                        PcRates.rows(),
                        PcWiring.rows(),
                        PcUses.rows())
                .flatMap(List::stream)
                .sorted(Row.ORDER)
                .toList();
        return new Section("isa", "the 8237A and the PC's ISA DMA", rows);
    }
}
