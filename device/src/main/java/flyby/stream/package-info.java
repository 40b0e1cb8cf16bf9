/// A streaming peripheral: a medium behind a FIFO, as a tape or a serial disk has it.
package flyby.stream;
