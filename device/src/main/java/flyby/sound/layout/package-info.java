/// The sound card's ports and DSP commands, as software sees them.
package flyby.sound.layout;
