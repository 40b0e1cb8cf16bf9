/// The root complex and the switches below it: where packets are routed, memory is reached and interrupts arrive.
///
/// Sections are those of the PCI Express Base Specification, revision 5.0, cited from memory.
package flyby.root;
