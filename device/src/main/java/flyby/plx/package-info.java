/// The DMA engine of PLX's PCI Express switches, as Linux's plx_dma drives it.
package flyby.plx;
