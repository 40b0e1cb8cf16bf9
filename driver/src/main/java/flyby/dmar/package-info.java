/// The software side of an IOMMU: tables of pages in memory, IOVAs, invalidation at once or deferred, isolation
/// groups. In the shape of Linux's `drivers/iommu`.
package flyby.dmar;
