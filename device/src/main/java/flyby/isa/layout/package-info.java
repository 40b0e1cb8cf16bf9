/// The ports of a PC's DMA, as software sees them.
package flyby.isa.layout;
