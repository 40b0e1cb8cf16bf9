/// WAV files: uncompressed sound in a RIFF container, read and written without losing a byte.
package flyby.wav;
