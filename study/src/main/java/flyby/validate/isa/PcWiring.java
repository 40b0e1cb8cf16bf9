package flyby.validate.isa;

import static flyby.validate.isa.IsaReferences.AMPRO;
import static flyby.validate.isa.IsaReferences.LINUX;

import flyby.validate.Facts;
import flyby.validate.Grade;
import flyby.validate.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Rows 1.32 to 1.34: which channels an AT has, at which ports, and where their transfers go.
final class PcWiring {
    private static final String AT = "pc-at-1984";
    private static final int BLOCK_WRITE = 0x84;
    private static final int COUNT = 8;

    private static final String WRAPPED =
            "Eight transfers begin four before the end of the page; memory on both sides is compared.";

    private PcWiring() {}

    static List<Row> rows() {
        return Stream.of(channels(), pages(), boundaries())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Row> channels() {
        String moved =
                "A card on each channel is programmed at these ports and makes 8 transfers; bus cycles and memory"
                        + " are compared.";
        return List.of(
                Row.of("1.32a", "channels 0 to 3 of an AT")
                        .rule("move bytes; ports 00h to 0Fh", facts -> {
                            for (int channel = 0; channel <= 3; channel++) {
                                moves(facts, channel, 1);
                            }
                        })
                        .from(Grade.A, LINUX.at("IO_DMA1_BASE"), moved),
                Row.of("1.32b", "channels 5 to 7 of an AT")
                        .rule("move words; the even ports from C0h to DEh", facts -> {
                            for (int channel = 5; channel <= 7; channel++) {
                                moves(facts, channel, 2);
                            }
                        })
                        .from(Grade.A, LINUX.at("IO_DMA2_BASE"), moved),
                Row.of("1.32c", "channel 4 of an AT")
                        .rule("is the cascade of channels 0 to 3", facts -> {
                            facts.equal("transfers of channel 1, channel 4 unmasked", COUNT, throughCascade(0));
                            facts.equal("transfers of channel 1, channel 4 masked", 0, throughCascade(0x04));
                        })
                        .from(
                                Grade.A,
                                LINUX.at("\"channel 4 is not used - cascades 1 into 2\""),
                                "A card on channel 1 asks for 8 transfers with channel 4 unmasked, and masked."));
    }

    private static void moves(Facts facts, int channel, int width) {
        PcBench bench = new PcBench(AT);
        EagerCard card = bench.transfer(channel, BLOCK_WRITE, 0x4, 0x100, COUNT);
        facts.equal("bytes of channel " + channel, COUNT * width, card.given());
        List<Long> addresses = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            addresses.add(0x40000L + (long) width * (0x100 + i));
        }
        facts.equal("addresses of channel " + channel, addresses, bench.addresses());
        for (int i = 0; i < COUNT * width; i++) {
            facts.equal("byte " + i + " of channel " + channel, i + 1, bench.memory(0x40000 + width * 0x100 + i));
        }
    }

    private static int throughCascade(int mask) {
        PcBench bench = new PcBench(AT);
        EagerCard card = bench.card(1);
        bench.run(cpu -> {
            PcBench.out(cpu, 4, 0xa, mask);
            PcBench.program(cpu, 1, BLOCK_WRITE, 0x4, 0x100, COUNT);
            card.start();
            cpu.delay(1_000 * bench.dmaClockPicos());
        });
        return card.given();
    }

    private static List<Row> pages() {
        return List.of(
                page("1.33a", 0, 0x87),
                page("1.33b", 1, 0x83),
                page("1.33c", 2, 0x81),
                page("1.33d", 3, 0x82),
                page("1.33e", 5, 0x8b),
                page("1.33f", 6, 0x89),
                page("1.33g", 7, 0x8a));
    }

    private static Row page(String id, int channel, int port) {
        return Row.of(id, "page register of channel " + channel)
                .rule("port %Xh".formatted(port), facts -> {
                    PcBench bench = new PcBench(AT);
                    EagerCard card = bench.card(channel);
                    bench.run(cpu -> {
                        PcBench.program(cpu, channel, BLOCK_WRITE, 0x2, 0x100, COUNT);
                        for (int other = 0x80; other <= 0x8f; other++) {
                            cpu.outb(other == port ? 0x4 : 0x2, other);
                        }
                        card.start();
                        cpu.delay(1_000 * bench.dmaClockPicos());
                    });
                    int offset = channel < 4 ? 0x100 : 0x200;
                    facts.equal("transfers", COUNT, bench.addresses().size());
                    facts.equal("the first byte, in page 4", 1, bench.memory(0x40000 + offset));
                    facts.equal("in page 2", 0, bench.memory(0x20000 + offset));
                })
                .from(
                        Grade.A,
                        LINUX.at("DMA_PAGE_" + channel),
                        "Page 4 is written to this port and page 2 to all others of 80h to 8Fh; memory shows where the"
                                + " transfers went.");
    }

    private static List<Row> boundaries() {
        return List.of(
                Row.of("1.34a", "64 KiB boundary, channels 0 to 3")
                        .rule("the address wraps inside the page, which does not count", facts -> {
                            for (int channel = 0; channel <= 3; channel++) {
                                wraps(facts, channel, 0xfffc, 0x3fffc, 0x30000, 0x40000);
                            }
                        })
                        .from(
                                Grade.A,
                                LINUX.at("\"transfers must not cross physical 64K (0-3) or 128K (5-7) boundaries\""),
                                WRAPPED),
                Row.of("1.34b", "128 KiB boundary, channels 5 to 7")
                        .rule("the address wraps inside the page, which does not count", facts -> {
                            for (int channel = 5; channel <= 7; channel++) {
                                wraps(facts, channel, 0xfffc, 0x3fff8, 0x20000, 0x40000);
                            }
                        })
                        .from(
                                Grade.A,
                                LINUX.at("\"transfers must not cross physical 64K (0-3) or 128K (5-7) boundaries\""),
                                WRAPPED),
                Row.of("1.34c", "reach")
                        .rule("24 bits: 16 MiB", facts -> {
                            facts.equal("last byte of channel 1", 0xff_ffffL, lastAddress(1, 0xff));
                            facts.equal("last word of channel 5", 0xff_fffeL, lastAddress(5, 0xff));
                        })
                        .from(
                                Grade.A,
                                AMPRO.at("p. 4-9; Linux, MAX_DMA_ADDRESS"),
                                "The last address of page FFh is programmed; the address on the bus is compared."),
                Row.of("1.34d", "addresses of 16-bit channels")
                        .rule("count words: A0 is always 0, and page bit 0 is ignored", facts -> {
                            facts.equal("page 4", 0x4fffeL, addressOf(5, 0x4, 0x7fff));
                            facts.equal("page 5", 0x4fffeL, addressOf(5, 0x5, 0x7fff));
                            facts.equal("page 4, the next word", 0x50000L, addressOf(5, 0x4, 0x8000));
                        })
                        .from(
                                Grade.A,
                                LINUX.at("\"page registers for 5-7 don't use data bit 0\""),
                                "Channel 5 is programmed with even and odd pages; the addresses on the bus are"
                                        + " compared."),
                Row.of("1.37", "memory-to-memory on a PC")
                        .context("not usable: PC and XT use channel 0 for refresh, the AT has no page register for it")
                        .from(
                                Grade.D,
                                IsaReferences.NORTON.at("\"not supported on the PC\""),
                                "It says what is not done on such PCs, and gives nothing to measure; the chip's own"
                                        + " memory-to-memory is rows 1.1b, 1.8, 1.16 and 1.25."));
    }

    /// A block on `channel` that runs over the end of its page.
    ///
    /// @param last physical address of the first of eight transfers, four before the boundary
    /// @param first physical address of the begin of the page
    /// @param beyond the physical address behind the page
    private static void wraps(Facts facts, int channel, int address, int last, int first, int beyond) {
        PcBench bench = new PcBench(AT);
        EagerCard card = bench.transfer(channel, BLOCK_WRITE, 0x3, address, COUNT);
        int half = card.given() / 2;
        facts.equal("channel " + channel + ", bytes", (channel < 4 ? 1 : 2) * COUNT, card.given());
        for (int i = 0; i < half; i++) {
            facts.equal("channel " + channel + ", before the boundary", 1 + i, bench.memory(last + i));
            facts.equal("channel " + channel + ", at the page's begin", 1 + half + i, bench.memory(first + i));
            facts.equal("channel " + channel + ", beyond", 0, bench.memory(beyond + i));
        }
    }

    private static long lastAddress(int channel, int page) {
        return addressOf(channel, page, 0xffff);
    }

    private static long addressOf(int channel, int page, int address) {
        PcBench bench = new PcBench(AT);
        bench.transfer(channel, BLOCK_WRITE, page, address, 1);
        return bench.addresses().getFirst();
    }
}
