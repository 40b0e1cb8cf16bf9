/// DMA engines as Linux's dmaengine has them, with the driver of the scatter-gather engine behind it.
/// `Documentation/driver-api/dmaengine/client.rst` is the law for clients: prepare, submit, issue pending, be called
/// back.
package flyby.dmaengine;
