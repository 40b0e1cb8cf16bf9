/// Configuration space: 4 KiB of registers for each function, with the header and the lists of capabilities. What
/// endpoints and bridges have in common; what they do with it is their own business.
///
/// Sections are those of the PCI Express Base Specification, revision 5.0, cited from memory.
package flyby.configuration;
