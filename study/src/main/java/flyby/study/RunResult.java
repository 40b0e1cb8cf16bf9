package flyby.study;

import flyby.trace.Ledger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What came out of one run of a scenario.
///
/// @param name the run within its scenario: `pio`, `burst`
/// @param bytes how many bytes were moved: all that there were, unless the run failed; of a sound file, its samples
/// @param elapsedPicos simulated time from start to end
/// @param sha256 of the bytes as they arrived, 64 hexadecimal digits
/// @param dataOk whether that equals the SHA-256 of the bytes as they were sent
/// @param traceHash of the whole trace, 16 hexadecimal digits
/// @param phasesPicos where the time went: name of the phase to picoseconds; they add up to `elapsedPicos`
/// @param figures further figures, in the order in which they are shown
/// @param findings what deserves words
/// @param transfers the first transfers one by one
/// @param explanation what the machine's DMA controllers were about at the end, and why they did not do what
/// somebody may have expected: one sentence each
/// @param series curves for plots
/// @param tables what fits no figure: lists of things, for the report and the JSON document
/// @param breaches what a checker has found, if one was there
public record RunResult(
        String name,
        long bytes,
        long elapsedPicos,
        String sha256,
        boolean dataOk,
        String traceHash,
        Map<String, Long> phasesPicos,
        List<Figure> figures,
        List<Finding> findings,
        List<Ledger.Transfer> transfers,
        List<String> explanation,
        List<Series> series,
        List<Table> tables,
        List<flyby.check.Finding> breaches) {
    public RunResult {
        figures = List.copyOf(figures);
        findings = List.copyOf(findings);
        transfers = List.copyOf(transfers);
        explanation = List.copyOf(explanation);
        series = List.copyOf(series);
        tables = List.copyOf(tables);
        breaches = List.copyOf(breaches);
    }

    /// A result without curves.
    public RunResult(
            String name,
            long bytes,
            long elapsedPicos,
            String sha256,
            boolean dataOk,
            String traceHash,
            Map<String, Long> phasesPicos,
            List<Figure> figures,
            List<Finding> findings,
            List<Ledger.Transfer> transfers,
            List<String> explanation) {
        this(
                name,
                bytes,
                elapsedPicos,
                sha256,
                dataOk,
                traceHash,
                phasesPicos,
                figures,
                findings,
                transfers,
                explanation,
                List.of(),
                List.of(),
                List.of());
    }

    /// The same with these tables.
    public RunResult withTables(List<Table> lists) {
        return with(phasesPicos, series, lists);
    }

    /// The same with these curves.
    public RunResult withSeries(List<Series> curves) {
        return with(phasesPicos, curves, tables);
    }

    /// The same with these phases, which add up to its time.
    public RunResult withPhases(Map<String, Long> picos) {
        return with(picos, series, tables);
    }

    /// The same with these findings.
    public RunResult withFindings(List<Finding> words) {
        return new RunResult(
                name,
                bytes,
                elapsedPicos,
                sha256,
                dataOk,
                traceHash,
                phasesPicos,
                figures,
                words,
                transfers,
                explanation,
                series,
                tables,
                breaches);
    }

    private RunResult with(Map<String, Long> picos, List<Series> curves, List<Table> lists) {
        return new RunResult(
                name,
                bytes,
                elapsedPicos,
                sha256,
                dataOk,
                traceHash,
                picos,
                figures,
                findings,
                transfers,
                explanation,
                curves,
                lists,
                breaches);
    }

    /// The same with these breaches of rules, each of which makes it bad.
    public RunResult withBreaches(List<flyby.check.Finding> found) {
        List<Finding> words = new ArrayList<>(findings);
        found.forEach(each -> words.add(Finding.of(each)));
        return new RunResult(
                name,
                bytes,
                elapsedPicos,
                sha256,
                dataOk,
                traceHash,
                phasesPicos,
                figures,
                words,
                transfers,
                explanation,
                series,
                tables,
                found);
    }

    /// A result of a machine that explains nothing.
    public RunResult(
            String name,
            long bytes,
            long elapsedPicos,
            String sha256,
            boolean dataOk,
            String traceHash,
            Map<String, Long> phasesPicos,
            List<Figure> figures,
            List<Finding> findings,
            List<Ledger.Transfer> transfers) {
        this(
                name,
                bytes,
                elapsedPicos,
                sha256,
                dataOk,
                traceHash,
                phasesPicos,
                figures,
                findings,
                transfers,
                List.of());
    }

    /// Whether all was as expected: the data arrived and no finding is bad.
    public boolean ok() {
        return dataOk && findings.stream().noneMatch(Finding::bad);
    }
}
