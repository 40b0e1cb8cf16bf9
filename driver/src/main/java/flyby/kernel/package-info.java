/// What the Linux kernel gives a driver besides the DMA API: memory, errors and warnings, interrupts, work, timers,
/// in Java form and by Linux's names. Stands on the [flyby.bus.Cpu] seam; see `flyby.dma` for the DMA API.
package flyby.kernel;
