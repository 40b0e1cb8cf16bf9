/// A sound card with the digital sound processor (DSP) of Creative's Sound Blaster 16: plays samples by DMA.
package flyby.sound;
