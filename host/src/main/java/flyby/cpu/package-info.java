/// A CPU on a classic bus: it runs driver code, takes interrupts, and does other work while the driver waits.
package flyby.cpu;
