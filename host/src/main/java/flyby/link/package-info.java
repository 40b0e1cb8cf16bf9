/// Links of PCI Express between two ports: who may send next, credits, time on the wire, acknowledgement and
/// replay.
///
/// Sections are those of the PCI Express Base Specification, revision 5.0, cited from memory.
package flyby.link;
