/// The registers of QEMU's teaching device.
package flyby.edu.layout;
