package flyby.classic;

import flyby.base.LittleEndian;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.trace.Trace;
import flyby.trace.TraceSink;

/// What the bus tells the trace: a row of the timeline, and its wires for a waveform viewer.
///
/// Wires are drawn active high whatever their polarity on a real board, under their data sheet names (Intel 8086,
/// 8237A).
final class BusProbe {
    private final Trace trace;
    private final int row;
    private final int memoryRead;
    private final int memoryWrite;
    private final int ioRead;
    private final int ioWrite;
    private final int dmaRead;
    private final int dmaWrite;
    private final int hidden;
    private final int hold;
    private final int hlda;
    private final int address;
    private final int data;
    private final int memr;
    private final int memw;
    private final int ior;
    private final int iow;
    private final int intr;
    private int asserted;
    private int strobe;
    private boolean ownWrites;

    BusProbe(Trace trace, BusTiming timing) {
        this.trace = trace;
        trace.clock("bus", "CLK", timing.clockPicos(), false);
        row = trace.track("bus", "cycles");
        memoryRead = trace.name("CPU memory read");
        memoryWrite = trace.name("CPU memory write");
        ioRead = trace.name("CPU register read");
        ioWrite = trace.name("CPU register write");
        dmaRead = trace.name("DMA memory read");
        dmaWrite = trace.name("DMA memory write");
        hidden = trace.name("DMA in unused bus time");
        hold = trace.signal("bus", "HOLD", 1);
        hlda = trace.signal("bus", "HLDA", 1);
        address = trace.signal("bus", "A", 32);
        data = trace.signal("bus", "D", timing.widthBytes() * 8);
        memr = trace.signal("bus", "MEMR", 1);
        memw = trace.signal("bus", "MEMW", 1);
        ior = trace.signal("bus", "IOR", 1);
        iow = trace.signal("bus", "IOW", 1);
        intr = trace.signal("bus", "INTR", 1);
        strobe = memr;
        if (trace.isSignalsOn()) {
            for (int wire : new int[] {hold, hlda, memr, memw, ior, iow, intr}) {
                trace.signal(0, wire, 0);
            }
            trace.signal(0, address, TraceSink.HIGH_IMPEDANCE);
            trace.signal(0, data, TraceSink.HIGH_IMPEDANCE);
        }
    }

    void hold(long now, boolean level) {
        if (trace.isSignalsOn()) {
            trace.signal(now, hold, level ? 1 : 0);
        }
    }

    void acknowledge(long now, boolean level) {
        if (trace.isSignalsOn()) {
            trace.signal(now, hlda, level ? 1 : 0);
        }
    }

    void interrupt(long now, int line, boolean level) {
        asserted = level ? asserted | (1 << line) : asserted & ~(1 << line);
        if (trace.isSignalsOn()) {
            trace.signal(now, intr, asserted == 0 ? 0 : 1);
        }
    }

    void cpuBegins(long now, long at, boolean isWrite, boolean isMemory) {
        if (trace.isOn()) {
            int name = isMemory ? (isWrite ? memoryWrite : memoryRead) : (isWrite ? ioWrite : ioRead);
            trace.begin(now, row, name, 0, AddressMap.onLines(at));
            if (trace.isSignalsOn()) {
                strobe = isMemory ? (isWrite ? memw : memr) : (isWrite ? iow : ior);
                trace.signal(now, address, AddressMap.onLines(at));
                trace.signal(now, strobe, 1);
            }
        }
    }

    void cpuEnds(long now, long value) {
        if (trace.isOn()) {
            trace.end(now, row);
            if (trace.isSignalsOn()) {
                trace.signal(now, data, value);
                trace.signal(now, strobe, 0);
            }
        }
    }

    void masterBegins(long now, Transaction transaction, boolean isHidden) {
        if (trace.isOn()) {
            boolean isWrite = transaction.kind() == Kind.WRITE;
            int name = isHidden ? hidden : isWrite ? dmaWrite : dmaRead;
            trace.begin(now, row, name, transaction.transfer(), transaction.iova());
            if (trace.isSignalsOn()) {
                trace.signal(now, address, transaction.iova());
                trace.signal(now, isWrite ? ior : iow, 1);
                trace.signal(now, isWrite ? memw : memr, 1);
                if (isWrite) {
                    trace.signal(now, data, word(transaction));
                }
            }
        }
    }

    void masterEnds(long now, Transaction transaction) {
        if (trace.isOn()) {
            trace.end(now, row);
            if (trace.isSignalsOn()) {
                boolean isWrite = transaction.kind() == Kind.WRITE;
                if (!isWrite) {
                    trace.signal(now, data, word(transaction));
                }
                trace.signal(now, isWrite ? ior : iow, 0);
                trace.signal(now, isWrite ? memw : memr, 0);
            }
        }
    }

    /// A master begins a cycle of its own.
    void ownBegins(long picos, Kind kind, long at, long transfer, boolean isHidden) {
        if (trace.isOn()) {
            ownWrites = kind == Kind.WRITE;
            trace.begin(picos, row, isHidden ? hidden : ownWrites ? dmaWrite : dmaRead, transfer, at);
            if (trace.isSignalsOn()) {
                trace.signal(picos, address, at);
                strobes(picos, 1);
            }
        }
    }

    /// The cycle that a master began last ends with `value` on the data lines.
    ///
    /// @param value [TraceSink#HIGH_IMPEDANCE] where nobody drove them
    void ownEnds(long picos, long value) {
        if (trace.isOn()) {
            trace.end(picos, row);
            if (trace.isSignalsOn()) {
                trace.signal(picos, data, value);
                strobes(picos, 0);
            }
        }
    }

    private void strobes(long picos, int level) {
        trace.signal(picos, ownWrites ? ior : iow, level);
        trace.signal(picos, ownWrites ? memw : memr, level);
    }

    private static long word(Transaction transaction) {
        return LittleEndian.get(transaction.data(), 0, transaction.byteCount());
    }
}
