package flyby.cpu;

import flyby.trace.Trace;

/// The phases of a transfer in which the CPU has it in hand.
final class CpuPhases {
    final int driver;
    final int programmedIo;
    final int maintenance;
    final int copy;
    final int handler;
    final int wakeUp;

    CpuPhases(Trace trace) {
        driver = trace.name("driver");
        programmedIo = trace.name("programmed I/O");
        maintenance = trace.name("cache maintenance");
        copy = trace.name("copy");
        handler = trace.name("handler");
        wakeUp = trace.name("wake-up");
    }
}
