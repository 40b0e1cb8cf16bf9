package flyby.validate.pio;

import flyby.experiment.PioDma;
import flyby.validate.bench.ExperimentRuns;

/// The experiment `pio-dma` as the rows ask it.
final class PioRuns {
    static final String WRITE_CPU = "writeCpuBySize";
    static final String WRITE_LATENCY = "writeLatencyBySize";
    static final String READ_CPU = "readCpuBySize";

    private final ExperimentRuns runs = new ExperimentRuns(new PioDma(), "sizes.smallest=8B");

    /// CPU time of write-combined stores and their fence, in microseconds.
    double storeMicros(int byteCount) {
        return runs.at("write-wc", WRITE_CPU, byteCount) / 1e6;
    }

    /// CPU time of uncached loads, in microseconds.
    double loadMicros(int byteCount) {
        return runs.at("read-uc", READ_CPU, byteCount) / 1e6;
    }

    /// CPU time of a copy from write-combining memory: streaming loads of its lines, in microseconds.
    double streamMicros(int byteCount) {
        return runs.at("read-wc", READ_CPU, byteCount) / 1e6;
    }

    /// CPU time of uncached stores of 8 bytes, each, in nanoseconds.
    double uncachedStoreNanos() {
        return (runs.at("write-uc", WRITE_CPU, 65_536) - runs.at("write-uc", WRITE_CPU, 32_768)) / 1e3 / 4_096;
    }

    /// Time until the bytes are in the device, in microseconds.
    double latencyMicros(String run, int byteCount, String... sets) {
        return runs.at(run, WRITE_LATENCY, byteCount, sets) / 1e6;
    }

    /// CPU time, in microseconds.
    double cpuMicros(String run, int byteCount) {
        return runs.at(run, WRITE_CPU, byteCount) / 1e6;
    }
}
