package flyby.experiment;

import flyby.base.Check;
import flyby.bus.Cpu;
import flyby.dma.Attributes;
import flyby.dma.Dma;
import flyby.dmac.layout.DmacRegisters;
import flyby.driver.BlockSource;
import flyby.driver.DmaStreamDriver;
import flyby.machine.BoardCatalogue;
import flyby.machine.BoardKernel;
import flyby.machine.ClassicBoard;
import flyby.machine.Mainboard;
import flyby.params.Catalogue;
import flyby.study.ByteSource;
import flyby.study.RunContext;
import flyby.study.RunResult;

/// DMA on a machine whose cache nobody snoops, with or without the cache operation that it needs.
///
/// Two traps, one for each direction. `stale-read`: the device writes to memory, and the CPU goes on reading what
/// its cache held before. `lost-write`: the CPU writes into its cache, and the device reads what memory held
/// before.
public final class CacheTrap extends BoardExperiment {
    private static final Catalogue PARAMETERS = Catalogue.titled("DMA beside a cache that does not snoop")
            .flag("cure", false, "Whether the driver does the cache operation that the machine needs.")
            .include(BoardBuffer.with(BoardCatalogue.PARAMETERS))
            .rule(
                    "a trap needs a cache: machine.cache.size above 0 B",
                    settings -> settings.bytes("machine.cache.size") > 0,
                    "machine.cache.size")
            .build();

    /// Which way the bytes go.
    public enum Direction {
        /// The device writes to memory.
        STALE_READ("stale-read", "The CPU reads old bytes from its cache after the device wrote new ones to memory"),
        /// The device reads from memory.
        LOST_WRITE("lost-write", "The device reads old bytes from memory after the CPU wrote new ones into its cache");

        private final String kind;
        private final String title;

        Direction(String kind, String title) {
            this.kind = kind;
            this.title = title;
        }
    }

    private final Direction direction;

    public CacheTrap(Direction direction) {
        super(direction.kind, direction.title, PARAMETERS, BoardCatalogue.profiles());
        this.direction = direction;
    }

    @Override
    public RunResult run(String runName, RunContext context) {
        Check.that(runName.equals(RUN), "no run %s", runName);
        return switch (direction) {
            case STALE_READ -> staleRead(context);
            case LOST_WRITE -> lostWrite(context);
        };
    }

    private static RunResult staleRead(RunContext context) {
        try (BoardRun<ClassicBoard> run = board(context)) {
            int bufferBytes = BoardBuffer.bytes(context.settings());
            Digest arrived = new Digest();
            byte[] seen = new byte[bufferBytes];
            byte[] right = new byte[bufferBytes];
            var evidence = new CacheEvidence(run.board());
            run.run(cpu -> {
                // The driver looks at its buffer before it uses it, as any code might. Now the cache holds it.
                cpu.loadBytes(Mainboard.BUFFER, seen, 0, bufferBytes);
                boolean came = driver(cpu, run, context).receive((address, byteCount) -> {
                    cpu.loadBytes(address, seen, 0, byteCount);
                    arrived.add(seen, 0, byteCount);
                    run.board().memory().read(address, right, 0, byteCount);
                    evidence.staleRead(address, seen, right, byteCount);
                });
                Check.that(came, "the controller reported an error");
            });
            return run.result(arrived.text(), run.medium().playedSha256(), evidence.findings());
        }
    }

    private static RunResult lostWrite(RunContext context) {
        try (BoardRun<ClassicBoard> run = board(context);
                ByteSource bytes = context.input().open()) {
            Digest sent = new Digest();
            byte[] block = new byte[BoardBuffer.bytes(context.settings())];
            var evidence = new CacheEvidence(run.board());
            run.medium().watchRecording(evidence::recorded);
            run.run(cpu -> {
                BlockSource fill = (address, byteCount) -> {
                    int done = 0;
                    while (done < byteCount) {
                        int count = bytes.read(block, done, byteCount - done);
                        Check.that(count > 0, "%s ended early", context.input().name());
                        done += count;
                    }
                    sent.add(block, 0, byteCount);
                    cpu.storeBytes(address, block, 0, byteCount);
                    evidence.expectRecording(address, block, byteCount);
                };
                boolean went = driver(cpu, run, context).send(context.input().length(), fill);
                Check.that(went, "the controller reported an error");
            });
            return run.result(run.medium().recordedSha256(), sent.text(), evidence.findings());
        }
    }

    private static BoardRun<ClassicBoard> board(RunContext context) {
        var parameters = BoardCatalogue.board(context.settings());
        return new BoardRun<>(RUN, context, (simulation, medium) -> new ClassicBoard(simulation, parameters, medium));
    }

    private static DmaStreamDriver driver(Cpu cpu, BoardRun<ClassicBoard> run, RunContext context) {
        int bufferBytes = BoardBuffer.bytes(context.settings());
        BoardKernel kernel = new BoardKernel(run.board(), cpu, bufferBytes);
        Dma dma = kernel.dma("dmac", ClassicBoard.ADDRESS_BITS);
        long attributes = context.settings().flag("cure") ? Attributes.NONE : Attributes.SKIP_CPU_SYNC;
        return new DmaStreamDriver(
                kernel.kernel(),
                dma,
                run.machine().wiring(kernel, bufferBytes),
                DmacRegisters.TENURE_BURST,
                attributes);
    }
}
