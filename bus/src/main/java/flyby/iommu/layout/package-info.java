/// What software sees of an IOMMU: registers, tables in memory and descriptors of Intel VT-d. Shared by the model
/// and the drivers, and therefore among the words that both sides know.
///
/// Sections are those of the Intel Virtualization Technology for Directed I/O Architecture Specification, revision
/// 4.1
/// (D51397-015), cited from memory.
package flyby.iommu.layout;
