/// A scatter-gather DMA engine: several channels that work off chains of descriptors in memory.
package flyby.sgdma;
