/// What software sees of Intel's I/OAT DMA engine.
package flyby.ioat.layout;
