package flyby.validate.pcie;

import flyby.validate.Row;
import flyby.validate.Section;
import java.util.List;
import java.util.stream.Stream;

/// Section `pcie`: rows 2.1 to 2.9, the analytic model, and NICs over it. Rows of measured hosts come with the
/// machine.
public final class PcieSection {
    private PcieSection() {}

    public static Section section() {
        List<Row> rows = Stream.of(
                        RateRows.rows(), PacketRows.rows(), SplitRows.rows(), AnalyticRows.rows(), NicRows.rows())
                .flatMap(List::stream)
                .sorted(Row.ORDER)
                .toList();
        return new Section("pcie", "one PCI Express link", rows);
    }
}
