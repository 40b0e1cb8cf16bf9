package flyby.validate.pio;

import flyby.validate.Row;
import flyby.validate.Section;
import java.util.List;
import java.util.stream.Stream;

/// Section `pio`: rows 7.1 to 7.5, and the rule of where programmed I/O and DMA cross, as 7.0.
public final class PioSection {
    private PioSection() {}

    public static Section section() {
        List<Row> rows = Stream.of(CopyRows.rows(), CrossingRows.rows())
                .flatMap(List::stream)
                .sorted(Row.ORDER)
                .toList();
        return new Section("pio", "programmed I/O against DMA", rows);
    }
}
