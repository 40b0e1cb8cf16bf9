/// The server's side of the vfio-user protocol: a device model becomes a PCI function of a virtual machine.
package flyby.vfio;
