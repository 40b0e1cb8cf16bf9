/// PCI Express on one link, as numbers and bytes: rates ([LinkRate]), what packets weigh ([PacketSizes]), how a
/// transfer becomes packets ([Segmentation]), and the bytes of each packet ([TlpEncoder], [TlpDecoder], [Dllp]).
///
/// Sections are those of the PCI Express Base Specification, revision 5.0, where none other is named; they are
/// cited from memory.
package flyby.pcie;
