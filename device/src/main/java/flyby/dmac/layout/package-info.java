/// The DMA controller's registers, as a driver sees them.
package flyby.dmac.layout;
