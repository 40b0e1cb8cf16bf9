/// Caches that know of each other: private caches of cores, a last-level cache with a directory for each socket,
/// the links between sockets, memory behind channels, and devices that read and write in the middle of it.
///
/// Each access happens at one instant: states, bytes and counts change at once, and the access costs the time that
/// the states met on its way and the backlogs of ports, links and channels say. States that last while messages are
/// under way are not modelled.
package flyby.coherence;
