/// A third-party DMA controller: it moves bytes between a peripheral and memory, on behalf of both.
package flyby.dmac;
