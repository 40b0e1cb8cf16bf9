package flyby.split;

import flyby.base.Check;
import flyby.bus.InterruptSink;
import flyby.bus.Transaction;
import flyby.memory.PhysicalMemory;
import flyby.sim.Simulation;
import java.util.ArrayList;
import java.util.List;

/// A pipelined split-transaction bus with one memory behind it.
///
/// ```
///  port 0 --FIFO--+                                            +--> port 0
///  port 1 --FIFO--+--> request channel --> memory --> FIFO ----+--> port 1
///    ...          |    round robin         latency    response |      ...
///  port n --FIFO--+    on clock edges                 channel  +--> port n
/// ```
/// The way of one transaction, as in the approximately timed style of TLM-2.0 (IEEE 1666-2011, section 15):
///
/// 1. *Begin of request.* It reaches the arbiter when no other of its port is there; until then it waits in its
///    port's FIFO.
/// 2. *Grant*, on a clock edge at which the request channel is free: when the channel becomes free, else on the
///    first edge after the begin of request. Only requests that began strictly before now take part, so the
/// order of what happens at one instant cannot change who wins. Round robin, starting after the port granted
/// last.
/// 3. *End of request*, [Timing#requestPicos] later. The channel is free again, and the port's next one may
///    begin.
/// 4. *Ready*, the latency of its kind later. The bytes move at this instant.
/// 5. *Response*, in the order of readiness, on the one response channel, for [Timing#responsePicos]. At its
///    end the owner is told.
///
/// Transactions of one port and kind therefore complete in the order in which they were submitted; a write may
/// overtake a read.
///
/// At one instant the bus does, in this order: end of response, end of request or grant, writes that are ready,
/// reads that are ready. All of them stand together, at the rank of the bus's first event, in the order of
/// components.
///
/// What is not modelled: a limit to the transactions inside the memory (no port is ever pushed back by it),
/// banks and rows, an address phase of its own on the request channel.
public final class SplitBus {
    /// How many ports a bus can have: one bit each in the arbiter's word.
    public static final int PORTS_MAX = 64;

    /// The most bytes of one transaction: the burst that AXI allows (no crossing of 4 KiB, IHI 0022, section
    /// A3.4.1).
    public static final int TRANSACTION_BYTES_MAX = 4_096;

    /// How the simulation drives the bus. The results are equal, and a property test holds them to it.
    public enum Mode {
        /// An event of the agenda for each step of each transaction: simple, and the judge of the other.
        PLAIN,
        /// One event for the whole bus, which goes on by itself until somebody else is about to act.
        RUN_AHEAD
    }

    /// The bus's clock and data path and the memory's latencies.
    ///
    /// @param clockPicos the clock period in picoseconds, 1 or more; edges are its multiples
    /// @param dataPathBytes bytes a clock on either channel: a power of two, 1 to 256
    /// @param readLatencyPicos from the end of a read's request until its bytes are there, 0 or more
    /// @param writeLatencyPicos from the end of a write's request until its bytes are in memory, 0 or more
    public record Timing(long clockPicos, int dataPathBytes, long readLatencyPicos, long writeLatencyPicos) {
        /// The bus and memory of the peer workload `bench/systemc/dma.cpp`: 16 bytes at 1 GHz, 60.25 ns to read,
        /// 30.5 ns to write. That workload's choice, not measured on any machine.
        public static final Timing PEER = new Timing(1_000, 16, 60_250, 30_500);

        public Timing {
            Check.that(clockPicos > 0, "a clock of %d ps", clockPicos);
            Check.that(
                    Integer.bitCount(dataPathBytes) == 1 && dataPathBytes > 0 && dataPathBytes <= 256,
                    "a data path of %d bytes",
                    dataPathBytes);
            Check.that(readLatencyPicos >= 0, "a read latency of %d ps", readLatencyPicos);
            Check.that(writeLatencyPicos >= 0, "a write latency of %d ps", writeLatencyPicos);
        }

        /// How long a request occupies its channel: a write's data beats, its address beside the first of them;
        /// one beat for a read.
        public long requestPicos(Transaction.Kind kind, int byteCount) {
            return kind == Transaction.Kind.WRITE ? dataPicos(byteCount) : clockPicos;
        }

        /// How long a response occupies its channel: a read's data beats; one beat for a write, and for an error,
        /// which carries no data.
        public long responsePicos(Transaction.Kind kind, int byteCount, Transaction.Status status) {
            boolean hasData = kind == Transaction.Kind.READ && status == Transaction.Status.SUCCESS;
            return hasData ? dataPicos(byteCount) : clockPicos;
        }

        private long dataPicos(int byteCount) {
            return ((byteCount + dataPathBytes - 1L) >>> Integer.numberOfTrailingZeros(dataPathBytes)) * clockPicos;
        }
    }

    /// What has happened on a port since the start.
    ///
    /// @param name the port's name
    /// @param transactionCount transactions that have completed
    /// @param byteCount bytes that they have moved
    /// @param waitPicos how long its requests waited at the arbiter for their grants, added up
    /// @param waitMaxPicos the longest of these waits
    public record PortStatistics(
            String name, long transactionCount, long byteCount, long waitPicos, long waitMaxPicos) {}

    /// What has happened on the bus since the start.
    ///
    /// @param transactionCount transactions that have completed
    /// @param requestBusyPicos for how long the request channel was granted, the latest request counted in full
    /// @param responseBusyPicos the same of the response channel
    /// @param orderHash over time and port of every completion, in their order: `h = 31 h + picoseconds + port`
    ///     modulo 2^64; equal for equal runs
    /// @param ports in the order of their numbers
    public record Statistics(
            long transactionCount,
            long requestBusyPicos,
            long responseBusyPicos,
            long orderHash,
            List<PortStatistics> ports) {}

    private final Simulation simulation;
    private final Channels channels;
    private final List<BusPort> ports = new ArrayList<>();

    /// A bus without ports yet.
    ///
    /// @param name how traces call it
    /// @param memoryBytes the size of the memory, which starts at address 0: whatever runs over its end completes
    ///     with [Transaction.Status#ADDRESS_ERROR]
    public SplitBus(
            Simulation simulation, String name, Timing timing, PhysicalMemory memory, long memoryBytes, Mode mode) {
        Check.that(memoryBytes >= 0, "a memory of %d bytes", memoryBytes);
        this.simulation = simulation;
        MemoryTarget target = new MemoryTarget(memory, memoryBytes);
        this.channels = switch (mode) {
            case PLAIN -> new PlainChannels(simulation, name, timing, target);
            case RUN_AHEAD -> new AheadChannels(simulation, name, timing, target);
        };
    }

    /// A new port, for one device. Ports are numbered from 0, and the arbiter favours port 0 first.
    ///
    /// @param name how statistics call it
    /// @param interrupts where the device's interrupts go
    public BusPort attach(String name, InterruptSink interrupts) {
        BusPort port = new BusPort(simulation, channels, ports.size(), name, interrupts);
        ports.add(port);
        channels.add(port);
        return port;
    }

    public Statistics statistics() {
        return new Statistics(
                channels.completedCount(),
                channels.requestBusyPicos(),
                channels.responseBusyPicos(),
                channels.orderHash(),
                ports.stream().map(BusPort::statistics).toList());
    }
}
