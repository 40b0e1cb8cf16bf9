/// The 8237A and the PC's ISA DMA, held to the data sheet and to what manufacturers printed about their PCs.
package flyby.validate.isa;
