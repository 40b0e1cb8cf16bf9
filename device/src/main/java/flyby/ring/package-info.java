/// A device that works through a ring of buffers in memory, as network cards and disks do.
package flyby.ring;
