/// The device that the specimens drive: a small DMA engine that does what many do, and can be told to be difficult.
package flyby.zoo.engine;
