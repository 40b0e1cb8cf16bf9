package flyby.coherence;

/// Who is told what happens to cached lines. It costs no simulated time, and nothing at all while nobody listens.
public interface LineWatch {
    /// What happens.
    enum Event {
        /// A load or a store that missed brings the line into a core's cache.
        FILLED,
        /// The cache brings it by itself.
        PREFETCHED,
        /// A core stores to it for the first time since memory had the same bytes.
        MODIFIED,
        /// Its bytes go to memory: it was changed, and has to leave or is cleaned.
        WRITTEN_BACK,
        /// It was changed, and is forgotten without a write-back: its bytes are lost.
        DISCARDED,
        /// It was not changed, and is forgotten because somebody asked for that.
        DROPPED
    }

    /// Something is about to happen to the line at physical address `address`.
    ///
    /// @param bytes the line's newest bytes, from index `offset` on; of [Event#FILLED] and [Event#PREFETCHED] those
    /// that come in. To be read within this call only.
    void line(Event event, long address, byte[] bytes, int offset);
}
