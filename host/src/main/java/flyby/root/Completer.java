package flyby.root;

import flyby.iommu.Translation;
import flyby.iommu.layout.RemappingTables;
import flyby.link.TransmitQueue;
import flyby.memory.MemoryAgent;
import flyby.pcie.CompletionStatus;
import flyby.pcie.Packet;
import flyby.pcie.PacketPool;
import flyby.pcie.PageRange;
import flyby.pcie.Segmentation;
import flyby.sim.Simulation;

/// A root port's answers to reads: section 2.3.1.1.
final class Completer {
    private final Simulation simulation;
    private final PacketPool pool;
    private final RootParameters parameters;
    private final Bridge bridge;
    private final MemoryAgent memory;
    private final CompletionHeap completions;

    Completer(
            Simulation simulation,
            PacketPool pool,
            RootParameters parameters,
            Bridge bridge,
            MemoryAgent memory,
            TransmitQueue queue,
            String name) {
        this.simulation = simulation;
        this.pool = pool;
        this.parameters = parameters;
        this.bridge = bridge;
        this.memory = memory;
        completions = new CompletionHeap(simulation, name + " completions", queue::send);
    }

    /// All bytes are read at this instant; they leave as memory has them.
    void answer(Packet request, Translation translation, boolean snooped) {
        long address = translation.address();
        long now = simulation.nowPicos();
        long due = now;
        int done = 0;
        int left = request.byteCount();
        do {
            int count = completionBytes(request, done, left);
            Packet completion = completion(request, CompletionStatus.SUCCESSFUL, done, count);
            long picos = memory.read(address + done, completion.data(), 0, count, snooped);
            // Completions of one request stay in the order of their addresses.
            due = Math.max(due, now + picos);
            completions.add(completion, due + parameters.completionPicos());
            done += count;
            left -= count;
        } while (left > 0);
    }

    /// Answers a translation request: one page, however many were asked for, as section 10.2.3 allows.
    void answerQuestion(Packet request, Translation translation) {
        Packet answer = completion(request, CompletionStatus.SUCCESSFUL, 0, PageRange.BYTES);
        // A page that is not there has no size: it is answered as the smallest, with no rights (section 10.2.3.2).
        int shift = Math.max(translation.pageShift(), RemappingTables.PAGE_SHIFT);
        long range = PageRange.of(translation.address(), shift, translation.isReadable(), translation.isWritable());
        PageRange.put(range, answer.data(), 0);
        completions.add(answer, simulation.nowPicos() + parameters.completionPicos());
    }

    /// Unsupported Request.
    void refuse(Packet request) {
        Packet answer = completion(request, CompletionStatus.UNSUPPORTED_REQUEST, 0, 0);
        completions.add(answer, simulation.nowPicos() + parameters.completionPicos());
    }

    /// A root complex whose [RootParameters#lineReadsMax] is not 0 sends the first line as soon as it has it.
    private int completionBytes(Packet request, int done, int left) {
        long from = request.address() + done;
        Segmentation segmentation = bridge.segmentation();
        int lineReadsMax = parameters.lineReadsMax();
        if (lineReadsMax == 0 || (done > 0 && request.byteCount() > lineReadsMax)) {
            return segmentation.completionBytes(from, left);
        }
        int boundary = segmentation.completionBoundaryBytes();
        return Math.min(left, boundary - (int) (from & (boundary - 1)));
    }

    private Packet completion(Packet request, CompletionStatus status, int done, int count) {
        Packet completion = pool.take()
                .completion(
                        status,
                        RootComplex.ID,
                        request.requesterId(),
                        request.tag(),
                        request.address() + done,
                        count,
                        request.byteCount() - done);
        // Without IDO, which a port has to be allowed, and here cannot be: section 2.2.6.4.
        completion.attributes(request.relaxedOrdering(), request.noSnoop(), false);
        completion.transfer(request.transfer());
        return completion;
    }
}
