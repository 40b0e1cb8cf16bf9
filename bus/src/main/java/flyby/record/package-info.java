/// Everything that crosses the seam between a device and its host, written down and played again.
///
/// A [Recorder] stands between the two while they work; [Replay] makes the device anew, does to it what was recorded,
/// and compares what it does. The format: `docs/recording.md`.
package flyby.record;
