package flyby.dmaengine;

/// What a channel says of a transaction. `struct dma_tx_state` with the status that comes with it.
///
/// @param residue bytes that are still to be written; of a cyclic transaction, in the current round. Exact while the
///     channel is paused, and the most that it can be otherwise
public record TxState(DmaStatus status, long residue) {}
