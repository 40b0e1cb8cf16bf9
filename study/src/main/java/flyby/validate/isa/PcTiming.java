package flyby.validate.isa;

import static flyby.validate.isa.IsaReferences.AT;
import static flyby.validate.isa.IsaReferences.DATA_SHEET;
import static flyby.validate.isa.IsaReferences.VECTRA;
import static flyby.validate.isa.IsaReferences.XT;

import flyby.sim.Time;
import flyby.validate.Citation;
import flyby.validate.Grade;
import flyby.validate.Row;
import flyby.validate.Tolerance;
import java.util.List;
import java.util.stream.Stream;

/// Rows 1.12 and 1.26 to 1.28: how long DMA and refresh have the bus of a PC.
final class PcTiming {
    private static final int BLOCK_READ = 0x88;
    private static final int REFRESHES = 400;
    private static final String NO_REFRESH = "machine.refresh.on=false";
    private static final String CYCLES =
            "A card on the PC makes 400 single transfers; each of its bus cycles is timed from S1 to the end of S4.";
    private static final String REFRESHED =
            "The PC is booted and left alone for 400 refreshes, which are timed on the bus.";

    private PcTiming() {}

    static List<Row> rows() {
        return Stream.of(grades(), xt(), refresh(), at()).flatMap(List::stream).toList();
    }

    private static List<Row> grades() {
        return List.of(grade("1.12a", "8237A", 3), grade("1.12b", "8237A-4", 4), grade("1.12c", "8237A-5", 5));
    }

    private static Row grade(String id, String part, int megahertz) {
        return Row.of(id, "clock of the " + part)
                .under("a PC/XT whose clock is at the part's limit, no wait states, no refresh")
                .figure(Integer.toString(megahertz), "MHz", Tolerance.percent("0.1"), () -> {
                    PcBench bench = new PcBench(
                            "pc-xt-1983",
                            "machine.clock=" + megahertz + "MHz",
                            "machine.dma.wait-states=0",
                            NO_REFRESH);
                    bench.transfer(1, BLOCK_READ, 0x2, 0, 256);
                    return 769.0
                            * Time.MICROSECOND
                            / bench.times(PcBench.DMA_READ).picos();
                })
                .from(
                        Grade.A,
                        DATA_SHEET.at("D.C. and A.C. Characteristics"),
                        "A block of 256 bytes, which is 769 clocks (row 1.5a), is timed on the bus.");
    }

    private static List<Row> xt() {
        Citation page = XT.at("DMA: five clocks of 210 ns, 1.05 us a byte");
        return List.of(
                Row.of("1.26a", "PC/XT DMA transfer, clocks")
                        .under("one wait state, I/O CH RDY not pulled, hand-over not included")
                        .exactly(
                                5,
                                "clk",
                                () -> transfers("pc-xt-1983", 1, NO_REFRESH).clocks())
                        .from(Grade.A, page, CYCLES),
                Row.of("1.26b", "PC/XT DMA transfer, time")
                        .under("4.77 MHz, one wait state, hand-over not included")
                        .figure(
                                "1.05",
                                "us",
                                Tolerance.rounded(),
                                () -> transfers("pc-xt-1983", 1, NO_REFRESH).micros())
                        .from(Grade.A, page, CYCLES),
                Row.of("1.26c", "PC/XT DMA, ceiling on the bus")
                        .under("4.77 MHz, one wait state, hand-over not included")
                        .figure(
                                "0.952",
                                "MB/s",
                                Tolerance.rounded(),
                                () -> 1 / transfers("pc-xt-1983", 1, NO_REFRESH).micros())
                        .from(Grade.A, XT.derived("DMA: a byte in 1.05 us"), CYCLES));
    }

    private static List<Row> refresh() {
        String booted = "as the BIOS sets timer 1 and channel 0";
        return List.of(
                Row.of("1.27a", "PC/XT refresh, period")
                        .under(booted)
                        .exactly(72, "clk", () -> refreshes().periodClocks())
                        .from(Grade.A, XT.at("DMA: refresh every 72 clocks"), REFRESHED),
                Row.of("1.27b", "PC/XT refresh, period in time")
                        .under(booted)
                        .figure(
                                "15",
                                "us",
                                Tolerance.rounded(),
                                () -> refreshes().periodMicros())
                        .from(Grade.A, XT.at("DMA: about 15 us"), REFRESHED),
                Row.of("1.27c", "PC/XT refresh, clocks")
                        .under(booted)
                        .exactly(4, "clk", () -> refreshes().clocks())
                        .from(Grade.A, XT.at("DMA: refresh cycles take four clocks"), REFRESHED),
                Row.of("1.27d", "PC/XT refresh, time")
                        .under(booted)
                        .exactly(840, "ns", () -> 1_000 * refreshes().micros())
                        .from(Grade.A, XT.at("DMA: 840 ns"), REFRESHED),
                Row.of("1.27e", "PC/XT refresh, share of the bus")
                        .under(booted + ", hand-over not included")
                        .figure(
                                "5.6",
                                "%",
                                Tolerance.rounded(),
                                () -> refreshes().percent())
                        .from(Grade.A, XT.at("DMA: 5.6 percent of the bus"), REFRESHED));
    }

    private static List<Row> at() {
        Citation vectra = VECTRA.at("DMA clock is half the backplane's 8 MHz; five clocks");
        Citation ibm = AT.at("System Performance: 3 MHz, 333 ns, five clocks, 1.66 us");
        String without = "hand-over not included";
        return List.of(
                Row.of("1.28a", "AT-class DMA transfer, clocks")
                        .under("8 MHz AT, DMA clock 4 MHz, " + without)
                        .exactly(
                                5,
                                "clk",
                                () -> transfers("at-8mhz", 5, NO_REFRESH).clocks())
                        .from(Grade.A, vectra, CYCLES),
                Row.of("1.28b", "AT-class DMA transfer, time")
                        .under("8 MHz AT, DMA clock 4 MHz, " + without)
                        .figure(
                                "1.25",
                                "us",
                                Tolerance.rounded(),
                                () -> transfers("at-8mhz", 5, NO_REFRESH).micros())
                        .from(Grade.A, vectra, CYCLES),
                Row.of("1.28c", "AT-class DMA, 8-bit ceiling")
                        .under("8 MHz AT, channel 1, " + without)
                        .figure(
                                "0.80",
                                "MB/s",
                                Tolerance.rounded(),
                                () -> 1 / transfers("at-8mhz", 1, NO_REFRESH).micros())
                        .from(Grade.A, VECTRA.derived("five clocks of 250 ns"), CYCLES),
                Row.of("1.28d", "AT-class DMA, 16-bit ceiling")
                        .under("8 MHz AT, channel 5, " + without)
                        .figure(
                                "1.60",
                                "MB/s",
                                Tolerance.rounded(),
                                () -> 2 / transfers("at-8mhz", 5, NO_REFRESH).micros())
                        .from(Grade.A, VECTRA.derived("five clocks of 250 ns, two bytes"), CYCLES),
                Row.of("1.28e", "IBM AT DMA clock")
                        .under("6 MHz AT")
                        .figure(
                                "333",
                                "ns",
                                Tolerance.rounded(),
                                () -> 1_000
                                        * transfers("pc-at-1984", 5, NO_REFRESH).micros()
                                        / 5)
                        .from(Grade.A, ibm, CYCLES + " A clock is a fifth of that (row 1.28f)."),
                Row.of("1.28f", "IBM AT DMA transfer, clocks")
                        .under("6 MHz AT, " + without)
                        .exactly(
                                5,
                                "clk",
                                () -> transfers("pc-at-1984", 5, NO_REFRESH).clocks())
                        .from(Grade.A, ibm, CYCLES),
                Row.of("1.28g", "IBM AT DMA transfer, time")
                        .under("IBM cuts 5 x 333 ns = 1.665 us off to 1.66, " + without)
                        .figure(
                                "1.66",
                                "us",
                                Tolerance.cutOff(),
                                () -> transfers("pc-at-1984", 5, NO_REFRESH).micros())
                        .from(Grade.A, ibm, CYCLES));
    }

    private static CycleTimes transfers(String profile, int channel, String... changes) {
        return PcBench.singles(profile, channel, changes).times(PcBench.DMA_WRITE);
    }

    private static CycleTimes refreshes() {
        PcBench bench = new PcBench("pc-xt-1983");
        bench.run(cpu -> {
            while (bench.log().cycles(PcBench.DMA_READ).size() < REFRESHES) {
                cpu.delay(1_000 * bench.dmaClockPicos());
            }
        });
        return bench.times(PcBench.DMA_READ);
    }
}
