/// Section `iommu`: what translation does, costs and protects from, measured on the remapping unit and its driver.
package flyby.validate.iommu;
