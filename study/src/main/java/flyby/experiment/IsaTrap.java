package flyby.experiment;

import static flyby.i8237.layout.I8237Registers.MODE_SERVICE;
import static flyby.i8237.layout.I8237Registers.MODE_TYPE;
import static flyby.i8237.layout.I8237Registers.SERVICE_SINGLE;
import static flyby.i8237.layout.I8237Registers.STATUS;
import static flyby.i8237.layout.I8237Registers.TYPE_WRITE;

import flyby.base.LabException;
import flyby.bus.Cpu;
import flyby.driver.IsaDmaChannel;
import flyby.isa.layout.IsaDmaPorts;
import flyby.machine.IsaBoard;
import flyby.machine.IsaPc;
import flyby.machine.PcCatalogue;
import flyby.params.Catalogue;
import flyby.params.Settings;
import flyby.sim.Time;
import flyby.stream.layout.StreamerRegisters;
import flyby.study.Figure;
import flyby.study.Figure.Unit;
import flyby.study.Finding;
import flyby.study.RunContext;
import flyby.study.RunResult;
import java.util.List;
import java.util.Locale;

/// A card writes a block of the input to memory over a channel of a PC's DMA, which the driver has programmed with
/// one of the classic mistakes, or without.
///
/// Around the buffer lies what belongs to somebody else. After the transfer all of it is compared.
public final class IsaTrap extends BoardExperiment {
    /// By then a transfer that works is long over: a byte takes some 3 us.
    private static final long TIMEOUT_PICOS_PER_BYTE = 20 * Time.MICROSECOND;

    private static final long POLL_PICOS = 50 * Time.MICROSECOND;

    private static final Catalogue PARAMETERS = Catalogue.titled("A DMA channel of a PC, programmed wrongly")
            .flag("cure", false, "Whether the driver does it right.")
            .include(BoardBuffer.with(PcCatalogue.PARAMETERS))
            .rule(
                    "driver.buffer must be even, and at most 16 KiB",
                    settings -> BoardBuffer.bytes(settings) % 2 == 0 && BoardBuffer.bytes(settings) <= 1 << 14,
                    "driver.buffer")
            .rule(
                    "machine.memory.size must be three times what the channel reaches: 192 KiB, or 384 KiB for words",
                    settings -> settings.bytes("machine.memory.size") >= 3 * reachBytes(settings),
                    "machine.memory.size",
                    "machine.dma.channel")
            .build();

    /// What is done wrong.
    public enum Mistake {
        PAGE_BOUNDARY(
                "boundary-64k",
                "A buffer crosses a boundary that the DMA address cannot count over",
                "The 8237A counts 16 bits of address; A16 and up (on channels 5 to 7: A17) come from the page register,"
                        + " which does not count. Behind the last byte of the page the transfer went on at the page's"
                        + " first: somebody else's bytes are overwritten there, and the rest of the buffer has not"
                        + " changed.",
                "a buffer that does not cross a multiple of 64 KiB (channels 5 to 7: 128 KiB); Linux's GFP_DMA"
                        + " allocations and its segment boundary mask see to it"),
        COUNT_OFF_BY_ONE(
                "count-off-by-one",
                "The word count is programmed as N instead of N - 1",
                "The word count register holds the number of transfers less one: terminal count comes when it rolls"
                        + " over from 0 to FFFFh. Programmed with N, the channel moved one more, behind the buffer's"
                        + " end, and the card's next block begins one too late.",
                "outb of count - 1, as set_dma_count does"),
        FLIP_FLOP(
                "flip-flop",
                "The first/last flip-flop is not cleared before address and count",
                "Address and count go through an 8-bit port, low byte first; a flip-flop that all channels share tells"
                        + " which byte is next. Somebody had read one byte of a count and left it at high. So the bytes"
                        + " of address and of count were swapped: the transfer went elsewhere, and for another length.",
                "channel.clearFlipFlop() before address and count (Linux: clear_dma_ff, under dma_spin_lock)");

        private final String kind;
        private final String title;
        private final String explanation;
        private final String remedy;

        Mistake(String kind, String title, String explanation, String remedy) {
            this.kind = kind;
            this.title = title;
            this.explanation = explanation;
            this.remedy = remedy;
        }
    }

    private final Mistake mistake;

    public IsaTrap(Mistake mistake) {
        super(mistake.kind, mistake.title, PARAMETERS, PcCatalogue.profiles());
        this.mistake = mistake;
    }

    @Override
    public RunResult run(String runName, RunContext context) {
        Settings settings = context.settings();
        int byteCount = BoardBuffer.bytes(settings);
        byte[] block = firstBytes(context, byteCount);
        boolean cured = settings.flag("cure");
        var parameters = PcCatalogue.pc(settings, false);
        try (BoardRun<IsaPc> run = new BoardRun<>(runName, context, (simulation, medium) -> {
            IsaPc pc = new IsaPc(simulation, parameters);
            PcCatalogue.plugStreamer(pc, settings, medium);
            return pc;
        })) {
            int reach = (int) reachBytes(settings);
            long buffer = buffer(reach, byteCount, cured);
            PageWatch watch = new PageWatch(run.board().memory(), reach, 2 * reach);
            watch.expect(buffer, block);
            run.run(cpu -> {
                run.machine().isa().boot(cpu);
                cpu.mmioWrite32(
                        IsaBoard.STREAMER_BASE + StreamerRegisters.CONTROL,
                        StreamerRegisters.CONTROL_RUN.mask() | StreamerRegisters.CONTROL_DMA_ENABLE.mask());
                cpu.beginTransfer(byteCount);
                receive(cpu, PcCatalogue.channel(settings), cured, buffer, byteCount);
                cpu.endTransfer();
            });
            byte[] arrived = new byte[byteCount];
            run.board().memory().read(buffer, arrived, 0, byteCount);
            List<Figure> figures = List.of(
                    BoardRun.figure("wrongBytes", "wrong bytes anywhere", (long) watch.wrongBytes(), Unit.COUNT, true));
            return run.result(byteCount, Digest.of(arrived), Digest.of(block), findings(watch), figures);
        }
    }

    /// The driver, with the mistake in it.
    private void receive(Cpu cpu, int number, boolean cured, long buffer, int byteCount) {
        IsaDmaChannel channel = new IsaDmaChannel(cpu, number);
        channel.disable();
        if (mistake == Mistake.FLIP_FLOP) {
            // What somebody else did before: a look at the low byte of the count, and at no more.
            cpu.inb(IsaDmaPorts.count(number));
        }
        if (mistake != Mistake.FLIP_FLOP || cured) {
            channel.clearFlipFlop();
        }
        channel.setMode(MODE_SERVICE.to(SERVICE_SINGLE) | MODE_TYPE.to(TYPE_WRITE));
        channel.setAddress(buffer);
        boolean isOneTooMany = mistake == Mistake.COUNT_OFF_BY_ONE && !cured;
        channel.setCount(isOneTooMany ? byteCount + channel.beatBytes() : byteCount);
        channel.enable();

        // As wait_for_completion_timeout: a wrong count may never come to its end.
        long deadline = cpu.nowPicos() + byteCount * TIMEOUT_PICOS_PER_BYTE;
        int tc = 1 << (number & 3);
        while ((cpu.inb(IsaDmaPorts.port(number, STATUS)) & tc) == 0 && cpu.nowPicos() < deadline) {
            cpu.delay(POLL_PICOS);
        }
        channel.disable();
    }

    /// In the middle of two pages, or, if that is the mistake, across the boundary between them.
    private long buffer(int reach, int byteCount, boolean cured) {
        boolean crosses = mistake == Mistake.PAGE_BOUNDARY && !cured;
        return 2L * reach - (crosses ? byteCount / 4 * 2 : reach / 2);
    }

    private List<Finding> findings(PageWatch watch) {
        int wrong = watch.wrongBytes();
        if (wrong == 0) {
            return List.of();
        }
        String title = String.format(Locale.ROOT, "%,d bytes are wrong, counted inside and outside the buffer", wrong);
        return List.of(new Finding(true, title, mistake.explanation, mistake.remedy, watch.evidence()));
    }

    /// The first bytes of the input, of which the card must have some more: what a wrong count takes.
    private static byte[] firstBytes(RunContext context, int byteCount) {
        if (context.input().length() < byteCount + 2) {
            throw new LabException(
                    LabException.Kind.BAD_FILE,
                    context.input().name(),
                    context.input().length() + " bytes",
                    "more than a buffer of driver.buffer = " + byteCount + " B");
        }
        return WholeInput.first(context.input(), byteCount);
    }

    private static long reachBytes(Settings settings) {
        return PcCatalogue.channel(settings) < 4 ? 1 << 16 : 1 << 17;
    }
}
