/// What software sees of PLX's DMA engine.
package flyby.plx.layout;
