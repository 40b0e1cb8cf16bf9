/// What software must know of configuration space: the registers of a function's header and of its capabilities.
///
/// Sections are those of the PCI Express Base Specification, revision 5.0, cited from memory; names are printed as
/// there.
package flyby.configuration.layout;
