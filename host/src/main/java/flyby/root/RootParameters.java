package flyby.root;

import flyby.base.Check;
import flyby.pcie.Segmentation;

/// How fast a root complex is, and what it can do.
///
/// @param requestPicos from the arrival of a packet until its address is translated; a hit takes no time, a
/// walk comes on top
/// @param completionPicos from memory's answer until the completion is with the link
/// @param processorPicos between a CPU and the link, each way
/// @param interruptPicos from the arrival of an interrupt's message until its CPU knows
/// @param completionTimeoutPicos how long a CPU's read waits for its answer, section 2.8
/// @param outboundWritesMax how many writes of CPUs each port holds that the link has not taken
/// @param limits the largest payload, the largest read, and the Read Completion Boundary
/// @param lineReadsMax reads of up to so many bytes are answered from one Read Completion Boundary to the next,
/// larger ones so up to the first and then by completions as large as they may be; 0: all as large as they may be
/// @param peerToPeer whether requests pass from one root port to another: section 1.3.1 leaves it open
public record RootParameters(
        long requestPicos,
        long completionPicos,
        long processorPicos,
        long interruptPicos,
        long completionTimeoutPicos,
        int outboundWritesMax,
        Segmentation limits,
        int lineReadsMax,
        boolean peerToPeer) {
    public RootParameters {
        Check.that(
                requestPicos >= 0
                        && completionPicos >= 0
                        && processorPicos >= 0
                        && interruptPicos >= 0
                        && completionTimeoutPicos > 0,
                "latencies of a root complex: %d, %d, %d, %d, %d",
                requestPicos,
                completionPicos,
                processorPicos,
                interruptPicos,
                completionTimeoutPicos);
        Check.that(outboundWritesMax > 0 && lineReadsMax >= 0, "room for %d writes", outboundWritesMax);
    }
}
