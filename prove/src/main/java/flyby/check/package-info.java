/// The checker: sees the CPU's accesses, the calls of the DMA API and the accesses of devices together, and says which
/// access broke which rule.
package flyby.check;
