package flyby.experiment;

import static flyby.i8237.layout.I8237Registers.MODE_SERVICE;
import static flyby.i8237.layout.I8237Registers.MODE_TYPE;
import static flyby.i8237.layout.I8237Registers.SERVICE_SINGLE;
import static flyby.i8237.layout.I8237Registers.TYPE_WRITE;

import flyby.bus.Cpu;
import flyby.driver.IsaDmaChannel;
import flyby.isa.layout.IsaDmaPorts;
import flyby.machine.IsaBoard;
import flyby.machine.IsaPc;
import flyby.machine.PcCatalogue;
import flyby.params.Catalogue;
import flyby.params.Settings;
import flyby.stream.layout.StreamerRegisters;
import flyby.study.Figure;
import flyby.study.Figure.Unit;
import flyby.study.Finding;
import flyby.study.Finding.ByteEvidence;
import flyby.study.RunContext;
import flyby.study.RunResult;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A driver asks again and again how far a transfer is, by reading the channel's count while it runs.
///
/// The card tells the study how many bytes it has really given: the count read must lie between what was left
/// before the reading and what was left behind it.
public final class CountWhileRunning extends BoardExperiment {
    private static final Catalogue PARAMETERS = Catalogue.titled("A count that is read while the channel runs")
            .flag("cure", false, "Whether the driver reads twice, until both readings fit together.")
            .include(BoardBuffer.with(PcCatalogue.PARAMETERS))
            .rule("driver.buffer must be even", settings -> BoardBuffer.bytes(settings) % 2 == 0, "driver.buffer")
            .build();

    public CountWhileRunning() {
        super(
                "count-while-running",
                "The count is read while the channel runs, as two bytes of different counts",
                PARAMETERS,
                PcCatalogue.profiles());
    }

    @Override
    public RunResult run(String runName, RunContext context) {
        Settings settings = context.settings();
        var parameters = PcCatalogue.pc(settings, false);
        int channel = PcCatalogue.channel(settings);
        int beatBytes = channel < 4 ? 1 : 2;
        int byteCount =
                (int) Math.min(BoardBuffer.bytes(settings), context.input().length() / beatBytes * beatBytes);
        try (BoardRun<IsaPc> run = new BoardRun<>(runName, context, (simulation, medium) -> {
            IsaPc pc = new IsaPc(simulation, parameters);
            PcCatalogue.plugStreamer(pc, settings, medium);
            return pc;
        })) {
            Readings readings = new Readings(run.medium(), channel, byteCount);
            long buffer = run.board().buffer(byteCount);
            run.run(cpu -> {
                run.machine().isa().boot(cpu);
                cpu.beginTransfer(byteCount);
                if (byteCount > 0) {
                    receive(cpu, channel, settings.flag("cure"), buffer, byteCount, readings);
                }
                cpu.endTransfer();
            });
            byte[] arrived = new byte[byteCount];
            run.board().memory().read(buffer, arrived, 0, byteCount);
            String right = Digest.of(WholeInput.first(context.input(), byteCount));
            return run.result(byteCount, Digest.of(arrived), right, readings.findings(), readings.figures());
        }
    }

    private static void receive(Cpu cpu, int number, boolean cured, long buffer, int byteCount, Readings readings) {
        cpu.mmioWrite32(
                IsaBoard.STREAMER_BASE + StreamerRegisters.CONTROL,
                StreamerRegisters.CONTROL_RUN.mask() | StreamerRegisters.CONTROL_DMA_ENABLE.mask());
        IsaDmaChannel channel = new IsaDmaChannel(cpu, number);
        channel.disable();
        channel.clearFlipFlop();
        channel.setMode(MODE_SERVICE.to(SERVICE_SINGLE) | MODE_TYPE.to(TYPE_WRITE));
        channel.setAddress(buffer);
        channel.setCount(byteCount);
        channel.enable();

        while (readings.leftBytes() > 0) {
            readings.begin();
            if (cured) {
                readings.end(channel.residueWhileRunning());
            } else {
                channel.clearFlipFlop();
                readings.end(channel.residue());
            }
        }
    }

    /// What the driver read, held against what the card gave.
    private static final class Readings {
        private final InputMedium medium;
        private final int channel;
        private final int byteCount;
        private long leftBefore;
        private long count;
        private long wrongCount;
        private @Nullable ByteEvidence first;

        Readings(InputMedium medium, int channel, int byteCount) {
            this.medium = medium;
            this.channel = channel;
            this.byteCount = byteCount;
        }

        /// How many bytes have really still to be moved.
        long leftBytes() {
            return byteCount - medium.movedBytes();
        }

        void begin() {
            leftBefore = leftBytes();
        }

        void end(int residue) {
            count++;
            // The card has given a byte a little before the controller counts it.
            long counted = leftBefore + (channel < 4 ? 1 : 2);
            if (residue >= leftBytes() && residue <= counted) {
                return;
            }
            wrongCount++;
            if (first == null) {
                first = new ByteEvidence(
                        IsaDmaPorts.count(channel),
                        register(residue),
                        "the driver, through the count's port",
                        register(leftBytes()),
                        "the register, after the reading");
            }
        }

        List<Figure> figures() {
            return List.of(
                    BoardRun.figure("readingCount", "readings", count, Unit.COUNT, true),
                    BoardRun.figure("wrongReadingCount", "wrong ones", wrongCount, Unit.COUNT, true));
        }

        List<Finding> findings() {
            ByteEvidence evidence = first;
            if (evidence == null) {
                return List.of();
            }
            return List.of(new Finding(
                    true,
                    String.format(Locale.ROOT, "%,d of %,d readings of the count are wrong", wrongCount, count),
                    "The count is read as two bytes, and nothing holds it in between. When the low byte rolls over"
                            + " after it was read, the high byte is already that of the next 256: the driver believes"
                            + " that the transfer is up to 256 counts further than it is.",
                    "channel.residueWhileRunning(), which reads until the high byte stays (Linux's"
                            + " snd_dma_pointer reads twice for this reason), or channel.disable() around the reading",
                    List.of(evidence)));
        }

        /// The count register when `bytes` have still to be moved, low byte first.
        private byte[] register(long bytes) {
            long register = bytes / (channel < 4 ? 1 : 2) - 1;
            return new byte[] {(byte) register, (byte) (register >> 8)};
        }
    }
}
