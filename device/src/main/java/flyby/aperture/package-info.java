/// A device with memory of its own: CPUs reach it through a BAR, and it moves bytes to and fro by itself.
package flyby.aperture;
