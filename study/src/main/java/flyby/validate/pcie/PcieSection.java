package flyby.validate.pcie;

import flyby.validate.Row;
import flyby.validate.Section;
import flyby.validate.bench.BenchRuns;
import java.util.List;
import java.util.stream.Stream;

/// Section `pcie`: rows 2.1 to 2.9, the analytic model, NICs over it, and hosts measured with pcie-bench.
public final class PcieSection {
    private PcieSection() {}

    public static Section section() {
        BenchRuns runs = new BenchRuns();
        List<Row> rows = Stream.of(
                        RateRows.rows(),
                        PacketRows.rows(),
                        SplitRows.rows(),
                        AnalyticRows.rows(),
                        NicRows.rows(),
                        MeasuredRates.rows(runs),
                        MeasuredLatencies.rows(runs),
                        MeasuredLimits.rows(runs))
                .flatMap(List::stream)
                .sorted(Row.ORDER)
                .toList();
        return new Section("pcie", "PCI Express: one link, and devices on measured hosts", rows);
    }
}
