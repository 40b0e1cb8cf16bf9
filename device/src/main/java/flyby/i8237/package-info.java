/// The Intel 8237A programmable DMA controller, register by register and clock by clock (data sheet 231466).
package flyby.i8237;
