/// Rows about programmed I/O and DMA: what gdrcopy measured, and where the two cross.
package flyby.validate.pio;
