package flyby.experiment;

import flyby.trace.TraceSink;

/// How long a CPU has been busy, from what it tells the trace: from the time when it wakes up until it sleeps.
final class BusyTime implements TraceSink {
    private final String cpu;
    private int busyTrack = -1;
    private int depth;
    private long sincePicos;
    private long busyPicos;

    /// @param cpu its name in traces
    BusyTime(String cpu) {
        this.cpu = cpu;
    }

    @Override
    public void defineTrack(int track, String group, String name) {
        if (group.equals(cpu) && name.equals("execution")) {
            busyTrack = track;
        }
    }

    @Override
    public void begin(long timePicos, int track, int name, long transfer, long argument) {
        if (track == busyTrack) {
            if (depth == 0) {
                sincePicos = timePicos;
            }
            depth++;
        }
    }

    @Override
    public void end(long timePicos, int track) {
        if (track == busyTrack) {
            depth--;
            if (depth == 0) {
                busyPicos += timePicos - sincePicos;
            }
        }
    }

    /// Up to `nowPicos`.
    long picos(long nowPicos) {
        return busyPicos + (depth > 0 ? nowPicos - sincePicos : 0);
    }
}
