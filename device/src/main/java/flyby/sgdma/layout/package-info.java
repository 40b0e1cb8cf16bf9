/// What software must know of the scatter-gather DMA engine: its registers, its descriptors, its completion record.
package flyby.sgdma.layout;
