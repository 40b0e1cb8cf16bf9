package flyby.bench;

import flyby.base.LittleEndian;
import flyby.link.LinkEnd;
import flyby.link.TransmitQueue;
import flyby.pcie.Packet;
import flyby.pcie.PacketPool;
import flyby.pcie.Segmentation;
import flyby.pcie.WriteRun;
import flyby.sim.Event;
import flyby.sim.Simulation;

/// The device of `bench/systemc/nvme.cpp`, and a second function that contends with it, at the end of a link: 32
/// commands of 128 KiB under way, each a fetch, a wait for the medium, 512 data writes, a completion entry and an
/// MSI.
///
/// The peer decides on a grid of 2 ps what is next on the wire, this link at each picosecond: whatever is sent here
/// is sent at odd times, a picosecond later than there, and so both decide the same.
final class StreamDevice {
    static final int QUEUE_DEPTH = 32;
    static final int COMMAND_BYTES = 128 << 10;
    static final int BUFFER_BYTES = QUEUE_DEPTH * COMMAND_BYTES;

    /// Everything lies above 4 GiB, so that headers are long.
    static final long BASE = 1L << 32;

    private static final long ENTRIES = BASE + 0x50_0000;
    private static final long CONTENDED = BASE + 0x60_0000;
    private static final long CONTENDED_END = CONTENDED + 0x10_0000;

    static final int FUNCTION = 0x100;
    static final int CONTENDER = 0x101;

    /// The vector of the first MSI.
    static final int VECTOR = 32;

    private static final int ENTRY_BYTES = 16;
    static final int MESSAGE_BYTES = 4;
    private static final int CONTENDED_BYTES = 64;

    private static final Segmentation SEGMENTATION = new Segmentation(256, 512, 64);

    static final long PROPAGATION_PICOS = 250_000;
    private static final long MEDIA_PICOS = 20_000_000;
    private static final long HOST_PICOS = 500_000 + PROPAGATION_PICOS;

    private final Simulation simulation;
    private final PacketPool pool;
    private final StreamHost host;
    private final byte[] medium;
    private final int commandCount;
    private final long contenderPicos;
    private final TransmitQueue control;
    private final TransmitQueue data;
    private final TransmitQueue contender;
    private final Slot[] slots = new Slot[QUEUE_DEPTH];
    private final Event contend;
    private long contenderSequence;
    private int issuedCount;
    private int doneCount;
    private long lastDonePicos;
    private long contenderHash;

    /// @param contenderPicos the mean of the contender's intervals
    StreamDevice(
            Simulation simulation,
            PacketPool pool,
            StreamHost host,
            LinkEnd end,
            byte[] medium,
            int commandCount,
            long contenderPicos) {
        this.simulation = simulation;
        this.pool = pool;
        this.host = host;
        this.medium = medium;
        this.commandCount = commandCount;
        this.contenderPicos = contenderPicos;
        control = end.queue("control");
        data = end.queue("data");
        contender = end.queue("contender");
        contend = simulation.event("contend", this::contend);
        for (int i = 0; i < QUEUE_DEPTH; i++) {
            slots[i] = new Slot(i);
            slots[i].begin(1_001 + i * 2_000L);
        }
        contend.in(1 + 2 * (Mix.of(77) >>> 41));
    }

    /// Whether `address` is one that the contender writes to.
    static boolean isContended(long address) {
        return address >= CONTENDED && address < CONTENDED_END;
    }

    long lastDonePicos() {
        return lastDonePicos;
    }

    long contenderHash() {
        return contenderHash;
    }

    /// The command of `slot` has been read from memory; the answer is here after `picos`.
    void fetched(int slot, long picos) {
        slots[slot].fetched(picos);
    }

    /// The MSI of `slot` has arrived.
    void completed(int slot) {
        slots[slot].completed();
    }

    /// A write of the contender has arrived.
    void contended() {
        contenderHash = contenderHash * 31 + simulation.nowPicos();
    }

    private void contend() {
        Packet packet = pool.take();
        long address = CONTENDED + (Mix.of(contenderSequence ^ 0x55) & 0xf_ffc0);
        packet.request(Packet.Kind.MEMORY_WRITE, CONTENDER, 0, address, CONTENDED_BYTES);
        contender.send(packet);
        contenderSequence++;
        contend.in(2 + 2 * ((Mix.of(contenderSequence ^ 0xabcd) >>> 1) % contenderPicos));
    }

    /// One place in the queue, with the command that is in it.
    private final class Slot implements WriteRun.Owner {
        private final int index;
        private final WriteRun run = new WriteRun(this);
        private final Event fetch;
        private final Event transfer;
        private final Event finish;
        private long command;

        Slot(int index) {
            this.index = index;
            fetch = simulation.event("fetch" + index, this::fetch);
            transfer = simulation.event("transfer" + index, this::transfer);
            finish = simulation.event("finish" + index, this::finish);
        }

        void begin(long delayPicos) {
            command = issuedCount++;
            fetch.in(delayPicos);
        }

        private void fetch() {
            control.send(pool.take().request(Packet.Kind.MEMORY_READ, FUNCTION, index, BASE, ENTRY_BYTES));
        }

        void fetched(long picos) {
            transfer.in(picos + MEDIA_PICOS + 2 * (Mix.of(command) & 0x1f_ffff) + 1);
        }

        private void transfer() {
            int from = (int) (command * COMMAND_BYTES * 5) & (medium.length - 1) & -COMMAND_BYTES;
            long to = BASE + (long) index * COMMAND_BYTES;
            run.begin(medium, from, COMMAND_BYTES, FUNCTION, to, SEGMENTATION, 0);
            data.send(run);
        }

        @Override
        public void sent(WriteRun sent) {
            finish.in(1);
        }

        private void finish() {
            write(ENTRIES + (long) index * ENTRY_BYTES, ENTRY_BYTES);
            write(host.messageAddress(index), MESSAGE_BYTES);
        }

        private void write(long address, int byteCount) {
            Packet packet = pool.take().request(Packet.Kind.MEMORY_WRITE, FUNCTION, 0, address, byteCount);
            LittleEndian.put(VECTOR + index, packet.data(), 0, MESSAGE_BYTES);
            control.send(packet);
        }

        void completed() {
            doneCount++;
            lastDonePicos = simulation.nowPicos();
            if (issuedCount < commandCount) {
                begin(HOST_PICOS + 1);
            } else if (doneCount == commandCount) {
                simulation.stop();
            }
        }
    }
}
