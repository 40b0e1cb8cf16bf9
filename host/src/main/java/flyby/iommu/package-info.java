/// The IOMMU: which device may reach which memory, and what it takes to find out.
package flyby.iommu;
