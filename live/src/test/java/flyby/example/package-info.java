/// A device of a user's own, as docs/own-device.md tells of it.
package flyby.example;
