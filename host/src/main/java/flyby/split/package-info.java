/// A split-transaction bus: requests and responses have channels of their own, so that many transactions are
/// under way at once, and a memory at its far end.
package flyby.split;
