/// A copy engine: a device that copies blocks of memory by DMA, many units at a time.
package flyby.copy;
