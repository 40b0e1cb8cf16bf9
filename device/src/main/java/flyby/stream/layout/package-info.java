/// The streamer's registers, as a driver sees them.
package flyby.stream.layout;
