/// The two seams: [DeviceHost], all that a device sees, and [Cpu], all that driver code sees.
package flyby.bus;
