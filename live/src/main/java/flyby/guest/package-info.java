/// The guest that drives served devices: QEMU, a Debian kernel and its tools, and what is run in it.
package flyby.guest;
