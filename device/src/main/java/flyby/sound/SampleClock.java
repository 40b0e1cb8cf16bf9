package flyby.sound;

import flyby.sim.Time;

/// When frames are due: a whole number of them in a span of time, so that nothing drifts.
///
/// @param frames how many frames there are in `spanPicos`, at least 1
record SampleClock(long frames, long spanPicos) {
    /// `hertz` frames a second.
    static SampleClock hertz(int hertz) {
        return new SampleClock(Math.max(hertz, 1), Time.SECOND);
    }

    /// A byte every 256 - `timeConstant` microseconds.
    static SampleClock timeConstant(int timeConstant) {
        return new SampleClock(1, (256 - timeConstant) * Time.MICROSECOND);
    }

    /// How long after the start frame `index` is due: those of the first span are spread evenly over it.
    long duePicos(long index) {
        return index / frames * spanPicos + index % frames * spanPicos / frames;
    }
}
