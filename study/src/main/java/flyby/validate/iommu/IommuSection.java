package flyby.validate.iommu;

import flyby.validate.Row;
import flyby.validate.Section;
import java.util.List;
import java.util.stream.Stream;

/// Section `iommu`: what pcie-bench measured (2.31 to 2.36), and rows 3.1 to 3.21 as far as the unit and its driver,
/// and beside them a link and a core, decide them.
public final class IommuSection {
    private IommuSection() {}

    public static Section section() {
        List<Row> rows = Stream.of(BenchRows.rows(), WalkRows.rows(), ProtectionRows.rows(), StackRows.rows())
                .flatMap(List::stream)
                .sorted(Row.ORDER)
                .toList();
        return new Section("iommu", "the IOMMU and its software", rows);
    }
}
