/// PCI functions and their drivers, as Linux's `drivers/pci` brings them together.
package flyby.pci;
