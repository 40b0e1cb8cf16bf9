package flyby.validate.isa;

import static flyby.validate.isa.IsaReferences.FLOPPY;
import static flyby.validate.isa.IsaReferences.LITOS;

import flyby.driver.FloppyDriver.Outcome;
import flyby.floppy.DisketteFormat;
import flyby.floppy.layout.FloppyRegisters;
import flyby.sim.Time;
import flyby.validate.Facts;
import flyby.validate.Grade;
import flyby.validate.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Rows 1.35 and 1.36: what a PC's channels are for, and the pace of a floppy disk.
final class PcUses {
    private static final String XT = "pc-xt-1983";
    private static final String AT = "pc-at-1984";
    private static final int CHANNEL_0_MASKED = 0x04;

    private PcUses() {}

    static List<Row> rows() {
        return Stream.concat(channels().stream(), floppy().stream()).toList();
    }

    private static List<Row> channels() {
        return List.of(
                Row.of("1.35a", "channel 0 of a PC/XT")
                        .rule("refreshes memory", PcUses::refreshes)
                        .from(
                                Grade.A,
                                LITOS.at("channel 0"),
                                "After the BIOS only refresh has the bus; its rows are compared, and that it stops"
                                        + " when channel 0 is masked."),
                Row.of("1.35b", "channel 2 of a PC")
                        .rule("is the floppy disk's", facts -> {
                            facts.equal("right bytes", 512, doubleDensity().rightBytes());
                        })
                        .from(
                                Grade.A,
                                LITOS.at("channel 2"),
                                "A floppy controller on channel 2 reads a sector; it is compared with the diskette."),
                Row.of("1.35c", "channels 1 and 3 of a PC/XT")
                        .rule("1 is free, 3 is the hard disk's", facts -> {
                            freeForCards(facts, 1);
                            freeForCards(facts, 3);
                        })
                        .from(
                                Grade.A,
                                LITOS.at("channels 1 and 3"),
                                "Nothing on the mainboard asks on them, and a card on each moves its bytes; a hard disk"
                                        + " adapter is not modelled."));
    }

    private static void refreshes(Facts facts) {
        PcBench bench = new PcBench(XT);
        List<Integer> counts = new ArrayList<>();
        bench.run(cpu -> {
            cpu.delay(7_200 * bench.dmaClockPicos());
            PcBench.out(cpu, 0, 0xa, CHANNEL_0_MASKED);
            counts.add(bench.log().cycles(PcBench.DMA_READ).size());
            cpu.delay(7_200 * bench.dmaClockPicos());
        });
        List<BusLog.Cycle> made = bench.log().cycles(PcBench.DMA_READ);
        facts.holds("about 100 refreshes in 7,200 clocks", counts.getFirst() >= 99 && counts.getFirst() <= 101);
        facts.equal("after channel 0 was masked", counts.getFirst(), made.size());
        facts.equal("other DMA", 0, bench.addresses().size());
        for (int i = 1; i < made.size(); i++) {
            facts.equal(
                    "the next row", made.get(i - 1).address() + 1, made.get(i).address());
        }
    }

    private static void freeForCards(Facts facts, int channel) {
        PcBench quiet = new PcBench(XT);
        quiet.run(cpu -> {
            PcBench.program(cpu, channel, PcBench.SINGLE_WRITE, 0x2, 0, 8);
            cpu.delay(1_000 * quiet.dmaClockPicos());
        });
        facts.equal(
                "channel " + channel + " without a card", 0, quiet.addresses().size());
        PcBench bench = new PcBench(XT);
        bench.transfer(channel, PcBench.SINGLE_WRITE, 0x2, 0, 8);
        facts.equal("channel " + channel + " with a card", 8, bench.addresses().size());
    }

    private static List<Row> floppy() {
        String asked = "The controller reads a sector; the mean time between its requests is taken.";
        return List.of(
                Row.of("1.36a", "floppy, high density")
                        .under("MFM, 500 kbit/s; data requests within a sector")
                        .exactly(16, "us", () -> highDensity().periodMicros())
                        .from(Grade.A, FLOPPY.at("data rate"), asked),
                Row.of("1.36b", "floppy, double density")
                        .under("MFM, 250 kbit/s; data requests within a sector")
                        .exactly(32, "us", () -> doubleDensity().periodMicros())
                        .from(Grade.A, FLOPPY.at("data rate"), asked),
                Row.of("1.36c", "floppy, pace")
                        .rule("a byte each 16 or 32 us: all alike", facts -> {
                            facts.holds("500 kbit/s", highDensity().isSteady());
                            facts.holds("250 kbit/s", doubleDensity().isSteady());
                        })
                        .from(Grade.A, FLOPPY.at("data rate"), "All times between requests are compared."),
                Row.of("1.36d", "floppy overrun")
                        .under("another card holds the bus in a block")
                        .rule("overrun if DACK comes later than the next byte", PcUses::overruns)
                        .from(
                                Grade.A,
                                FLOPPY.at("ST1, OR"),
                                "Within the sector the bus is held for half a byte's time (with the hand-overs,"
                                        + " less than a whole one) and for two and a half; the driver's outcome and"
                                        + " memory are compared."));
    }

    private static FloppyBench undisturbed(String profile, DisketteFormat format, int rate) {
        FloppyBench bench = new FloppyBench(profile, format);
        var _ = bench.read(rate, 0);
        return bench;
    }

    private static FloppyBench highDensity() {
        return undisturbed(AT, DisketteFormat.HIGH_DENSITY, FloppyRegisters.RATE_500K);
    }

    private static FloppyBench doubleDensity() {
        return undisturbed(XT, DisketteFormat.DOUBLE_DENSITY, FloppyRegisters.RATE_250K);
    }

    private static void overruns(Facts facts) {
        disturbed(facts, "500 kbit/s", AT, DisketteFormat.HIGH_DENSITY, FloppyRegisters.RATE_500K);
        disturbed(facts, "250 kbit/s", XT, DisketteFormat.DOUBLE_DENSITY, FloppyRegisters.RATE_250K);
    }

    private static void disturbed(Facts facts, String speed, String profile, DisketteFormat format, int rate) {
        FloppyBench brief = new FloppyBench(profile, format);
        long bytePicos = 8 * Time.SECOND / format.bitsPerSecond();
        facts.equal(speed + ", bus held briefly", Outcome.DONE, brief.read(rate, bytePicos / 2));
        facts.equal(speed + ", right bytes", 512, brief.rightBytes());
        FloppyBench longer = new FloppyBench(profile, format);
        facts.equal(speed + ", bus held for long", Outcome.OVERRUN, longer.read(rate, bytePicos * 5 / 2));
    }
}
