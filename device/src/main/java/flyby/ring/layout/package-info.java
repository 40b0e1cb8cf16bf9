/// What software sees of the ring device.
package flyby.ring.layout;
