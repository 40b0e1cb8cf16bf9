/// Descriptions of machines on which devices sit behind PCI Express: what they are made of, with each value's
/// origin and source, read from dotted paths and checked before anything is built.
///
/// Sections are those of the PCI Express Base Specification, revision 5.0, cited from memory.
package flyby.topology;
