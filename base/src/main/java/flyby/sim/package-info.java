/// The event kernel: time in picoseconds, a deterministic agenda, processes that read as straight-line code, and
/// seeded randomness.
package flyby.sim;
