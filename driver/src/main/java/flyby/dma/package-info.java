/// The Linux DMA API in Java form. `Documentation/core-api/dma-api.rst` and `dma-api-howto.rst` are the law; names are
/// Linux's, the device argument is the object ([flyby.dma.Dma]).
package flyby.dma;
