package flyby.vectors;

import java.util.List;

/// What came out of a vector file.
///
/// @param clocks how many the chip was clocked
/// @param transfers bytes moved, or counted by a verify transfer
/// @param mismatches outputs that were not as expected
/// @param firstMismatches the first of them, at most [VectorRun#MISMATCHES_KEPT]
/// @param explanation why each channel does, or does not do, what it could, at the end; one sentence each
public record VectorResult(
        long clocks, long transfers, long mismatches, List<Mismatch> firstMismatches, List<String> explanation) {
    public VectorResult {
        firstMismatches = List.copyOf(firstMismatches);
        explanation = List.copyOf(explanation);
    }

    public boolean ok() {
        return mismatches == 0;
    }
}
