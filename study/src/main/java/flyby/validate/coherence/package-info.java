/// Rows about caches and devices: maintenance, what the DMA API does of it, and what it costs.
package flyby.validate.coherence;
