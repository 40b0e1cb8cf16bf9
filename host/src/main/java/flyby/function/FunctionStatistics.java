package flyby.function;

/// What a function has done.
///
/// @param writes transactions that have left
/// @param writeBytes bytes handed to the link for writes
/// @param reads transactions that were answered, well or not
/// @param readBytes bytes that have come for reads
/// @param translationRequests questions to the IOMMU
/// @param timeouts requests that nobody answered in time
/// @param lateCompletions packets that came for requests that nobody waits for any more
/// @param unexpectedCompletions packets that belong to no request
/// @param tagWaitPicos picoseconds for which a read could have been sent, had there been a tag
public record FunctionStatistics(
        long writes,
        long writeBytes,
        long reads,
        long readBytes,
        long translationRequests,
        long timeouts,
        long lateCompletions,
        long unexpectedCompletions,
        long tagWaitPicos) {}
