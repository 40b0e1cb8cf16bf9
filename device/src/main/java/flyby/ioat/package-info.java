/// Intel's I/OAT DMA engine (QuickData Technology), as Linux's ioatdma drives it.
package flyby.ioat;
