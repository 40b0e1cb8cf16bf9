/// Faults at the seam between a device and its host, by rules in text: seeded, counted, listed.
package flyby.fault;
