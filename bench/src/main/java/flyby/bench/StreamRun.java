package flyby.bench;

import flyby.base.LittleEndian;
import flyby.link.DataLink;
import flyby.link.Link;
import flyby.link.LinkParameters;
import flyby.link.Pace;
import flyby.link.ReceiveBuffer;
import flyby.pcie.Generation;
import flyby.pcie.LinkRate;
import flyby.pcie.LinkWidth;
import flyby.pcie.PacketPool;
import flyby.sim.Event;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.util.Locale;

/// The workload of `bench/systemc/nvme.cpp`: an NVMe-like stream of reads over Gen4 x4, with a contender and an
/// observer, every byte moved.
///
/// Built of our link and our memory. Prints one RESULT line with the fields of its peer; `tlps`, `simEnd_ps`,
/// `mem`, `obs` and `f2` must be equal to the peer's.
///
/// Usage: `StreamRun [packets|trains] [commands=2000] [medium KiB=512] [contender ns=2000] [rounds=5]`. Each round
/// is a machine of its own. All but the last warm the compiler up; the line is the last one's.
public final class StreamRun {
    private static final long PROPAGATION_PICOS = 250_000;
    private static final int PAYLOAD_BYTES = 256;

    /// Credits come back 450 ns after sending: as a packet is freed when it arrives, that much later.
    private static final long CREDIT_PICOS = 450_000 - PROPAGATION_PICOS;

    private static final int CREDITS = 64;

    private final Pace pace;
    private final String path;
    private final long beginPicos;
    private final int commandCount;
    private final byte[] medium;
    private final Simulation simulation = new Simulation(0, Trace.off());
    private final StreamHost host;
    private final StreamDevice device;
    private final Event observe = simulation.event("observe", this::observe);
    private long observationCount;
    private long observationHash;

    private StreamRun(Pace pace, String path, int commandCount, byte[] medium, long contenderPicos) {
        this.pace = pace;
        this.path = path;
        this.commandCount = commandCount;
        this.medium = medium;
        PacketPool pool = new PacketPool(PAYLOAD_BYTES);
        ReceiveBuffer room =
                ReceiveBuffer.endpoint(CREDITS, CREDITS * PAYLOAD_BYTES / ReceiveBuffer.UNIT_BYTES, CREDITS, CREDITS);
        LinkRate rate = new LinkRate(Generation.GEN4, LinkWidth.X4).wholePicos();
        Link link = new Link(
                simulation,
                pool,
                "nvme",
                new LinkParameters(
                        rate, PAYLOAD_BYTES, PROPAGATION_PICOS, room, room, DataLink.none(CREDIT_PICOS), pace));
        host = switch (path) {
            case "memory" -> new StreamMemory(link.upstream());
            case "root" -> StreamRoot.plain(simulation, pool, link);
            case "full" -> StreamRoot.full(simulation, pool, link);
            default -> throw new IllegalArgumentException(path + ": expected memory, root or full");
        };
        beginPicos = simulation.nowPicos();
        device = new StreamDevice(simulation, pool, host, link.downstream(), medium, commandCount, contenderPicos);
        host.device(device);
        observe.in(1 | Mix.of(99) >>> 44);
    }

    public static void main(String[] arguments) {
        Pace pace = Pace.PACKETS;
        if (arguments.length > 0) {
            pace = switch (arguments[0]) {
                case "packets" -> Pace.PACKETS;
                case "trains" -> Pace.TRAINS;
                default -> throw new IllegalArgumentException(arguments[0] + ": expected packets or trains");
            };
        }
        int commands = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 2_000;
        int mediumKib = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 512;
        long contenderNanos = arguments.length > 3 ? Long.parseLong(arguments[3]) : 2_000;
        int rounds = arguments.length > 4 ? Integer.parseInt(arguments[4]) : 5;
        String path = arguments.length > 5 ? arguments[5] : "memory";
        byte[] medium = medium(mediumKib << 10);
        String line = "";
        for (int round = 0; round < rounds; round++) {
            line = new StreamRun(pace, path, commands, medium, 1_000 * contenderNanos).round();
        }
        System.out.println(line);
    }

    /// The bytes of the peer's `flash_`.
    private static byte[] medium(int byteCount) {
        byte[] bytes = new byte[byteCount];
        for (int i = 0; i < byteCount; i += Long.BYTES) {
            LittleEndian.put(Mix.of(i), bytes, i, Long.BYTES);
        }
        return bytes;
    }

    private String round() {
        long beginNanos = Result.cpuNanos();
        simulation.run();
        long nanos = Result.cpuNanos() - beginNanos;
        long packets = (long) commandCount * StreamDevice.COMMAND_BYTES / PAYLOAD_BYTES;
        double each = (double) nanos / packets;
        return String.format(
                Locale.ROOT,
                "RESULT flyby-stream pace=%s path=%s cmds=%d flashKiB=%d tlps=%d ns/TLP=%.2f M-TLP/s=%.3f"
                        + " realtimeX=%.4f simEnd_ps=%d mem=%016x obs=%016x f2=%016x",
                pace == Pace.PACKETS ? "packets" : "trains",
                path,
                commandCount,
                medium.length >> 10,
                packets,
                each,
                1_000 / each,
                (device.lastDonePicos() - beginPicos) / 1e3 / packets / each,
                device.lastDonePicos() - beginPicos,
                checksum(),
                observationHash,
                device.contenderHash());
    }

    private void observe() {
        long offset = Mix.of(observationCount * 3 + 1) & (StreamDevice.BUFFER_BYTES - 1) & -Long.BYTES;
        observationHash = observationHash * Mix.FNV_PRIME + host.look(StreamDevice.BASE + offset);
        observationCount++;
        observe.in(2 + 2 * (Mix.of(observationCount * 7 + 5) & 0x7f_ffff));
    }

    private long checksum() {
        long hash = 0;
        for (int at = 0; at < StreamDevice.BUFFER_BYTES; at += Long.BYTES) {
            hash = hash * Mix.FNV_PRIME + host.look(StreamDevice.BASE + at);
        }
        return hash;
    }
}
