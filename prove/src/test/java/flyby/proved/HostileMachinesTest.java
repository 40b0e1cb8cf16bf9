package flyby.proved;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flyby.base.LabException;
import flyby.bus.Cpu;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.dma.CoherentBuffer;
import flyby.dma.Direction;
import flyby.dma.Dma;
import flyby.kernel.Interrupts.Result;
import flyby.kernel.IoMemory;
import flyby.topology.Card;
import flyby.trial.Bench;
import flyby.trial.HostileMachines;
import flyby.trial.Scene;
import flyby.trial.Subject;
import flyby.trial.Trial;
import flyby.trial.TrialOptions;
import flyby.trial.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Each machine does what it says, and the plain one does not; nobody checks here.
final class HostileMachinesTest {
    private static final TrialOptions UNCHECKED = TrialOptions.STANDARD.unchecked();
    private static final int SEEDS = 40;
    private static final long TOLD = 0x1122_3344L;
    private static final int PAGE = 4096;
    private static final long SETTLE_PICOS = 100_000_000;

    /// Writes 4 bytes, or from register 8 on a page that ends with them, to the address that is written to its
    /// register,
    /// and interrupts behind them.
    private static final class Writer implements Device, Transaction.Owner {
        private final DeviceHost host;
        private final Transaction access = new Transaction(this, PAGE);

        Writer(DeviceHost host) {
            this.host = host;
        }

        @Override
        public long readRegister(int region, long offset, int byteCount) {
            return 7;
        }

        @Override
        public void writeRegister(int region, long offset, int byteCount, long value) {
            if (value == 0) {
                if (offset == 0) {
                    host.interrupt(0, false);
                }
                return;
            }
            int written = offset < 8 ? 4 : PAGE;
            for (int i = 0; i < 4; i++) {
                access.data()[written - 4 + i] = (byte) (TOLD >>> (8 * i));
            }
            access.begin(Transaction.Kind.WRITE, value, written, Transaction.Tenure.RELEASE, 0);
            host.submit(access);
            host.interrupt(0, true);
        }

        @Override
        public void reset() {
            // Nothing is kept.
        }

        @Override
        public void completed(Transaction transaction, Transaction.Status status) {
            // It is posted.
        }
    }

    private record Doing(Consumer<Bench> body, Set<Hazard> hazards) implements Subject {
        @Override
        public String name() {
            return "test";
        }

        @Override
        public List<Card> cards(Scene scene) {
            return List.of(Card.of(1, 64, 0, 1, Writer::new));
        }

        @Override
        public void run(Bench bench) {
            bench.pci().enable();
            bench.pci().setMaster();
            bench.dma().setMaskAndCoherent(Dma.bitMask(64));
            body.accept(bench);
        }
    }

    private static Verdict run(String machine, long seed, Consumer<Bench> body, Subject.Hazard... hazards) {
        return Trial.run(new Doing(body, Set.of(hazards)), HostileMachines.named(machine), seed, UNCHECKED);
    }

    /// In how many of the runs something happens that `body` adds to its list.
    private static int count(String machine, BiConsumer<Bench, List<String>> body) {
        int runs = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            List<String> happened = new ArrayList<>();
            run(machine, seed, bench -> body.accept(bench, happened), Subject.Hazard.values());
            runs += happened.isEmpty() ? 0 : 1;
        }
        return runs;
    }

    private static IoMemory registers(Bench bench) {
        return requireNonNull(bench.pci().map(0));
    }

    /// Has the device write to a mapped buffer, and loads it before anything is synced.
    private static void readsWithoutSync(Bench bench, List<String> stale) {
        Cpu cpu = bench.cpu();
        long buffer = bench.kernel().memory().kmalloc(64, "buffer");
        cpu.store32(buffer, 0);
        long mapped = bench.dma().mapSingle(buffer, 64, Direction.FROM_DEVICE);
        if (bench.dma().mappingError(mapped) == 0) {
            cpu.load32(buffer);
            registers(bench).write64(0, mapped);
            cpu.delay(SETTLE_PICOS);
            if (cpu.load32(buffer) != TOLD) {
                stale.add("stale");
            }
            registers(bench).write64(0, 0);
            bench.dma().unmapSingle(mapped, 64, Direction.FROM_DEVICE);
        }
        bench.kernel().memory().kfree(buffer);
    }

    @Test
    void whatIsNotSyncedIsStaleWhereCachesAreNotAskedAndWhereMappingsAreCopies() {
        assertThat(count("plain", HostileMachinesTest::readsWithoutSync)).isZero();
        assertThat(count("non-coherent", HostileMachinesTest::readsWithoutSync)).isGreaterThan(SEEDS / 2);
        assertThat(count("weak-order", HostileMachinesTest::readsWithoutSync)).isGreaterThan(SEEDS / 2);
        assertThat(count("bounce", HostileMachinesTest::readsWithoutSync)).isPositive();
    }

    @Test
    void mapsAndAllocationsFailForThoseWhoCopeWithThat() {
        Consumer<Bench> maps = bench -> {
            for (int i = 0; i < 4; i++) {
                CoherentBuffer buffer = bench.dma().allocCoherent(64);
                bench.expect(buffer != null, "an allocation fails");
            }
        };
        int failed = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            failed += run("coherent", seed, maps, Subject.Hazard.FAULTS).isClean() ? 0 : 1;
            assertThat(run("coherent", seed, maps).findings()).isEmpty();
        }
        assertThat(failed).isBetween(1, SEEDS - 1);
    }

    @Test
    void memoryAndAddressesAreHigh() {
        run(
                "coherent",
                0,
                bench -> assertThat(bench.kernel().memory().kmalloc(64, "high")).isGreaterThan(1L << 30));
        Set<Long> addresses = new TreeSet<>();
        Verdict verdict = run("iommu-strict", 0, bench -> {
            long page = bench.kernel().memory().kmalloc(4096, "page");
            for (int i = 0; i < 3; i++) {
                addresses.add(bench.dma().mapSingle(page, 4096, Direction.TO_DEVICE));
            }
        });
        assertThat(verdict.findings()).isEmpty();
        assertThat(addresses).hasSize(3).contains(0L).anyMatch(address -> address > 1L << 32);
    }

    @Test
    void devicesThatMeanHarmLie() {
        BiConsumer<Bench, List<String>> twice = (bench, lies) -> {
            CoherentBuffer shared = requireNonNull(bench.dma().allocCoherent(64));
            registers(bench).write64(0, shared.dmaAddress());
            bench.cpu().delay(SETTLE_PICOS);
            for (int i = 0; i < 8; i++) {
                if (bench.cpu().load32(shared.cpuAddress()) != TOLD) {
                    lies.add("lie");
                }
            }
        };
        assertThat(count("plain", twice)).isZero();
        assertThat(count("iommu-lazy", twice)).isBetween(1, SEEDS - 1);
    }

    @Test
    void interruptsByWireComeBeforeTheData() {
        BiConsumer<Bench, List<String>> trusting = (bench, early) -> {
            CoherentBuffer shared = requireNonNull(bench.dma().allocCoherent(PAGE));
            bench.cpu().store32(shared.cpuAddress() + PAGE - 4, 0);
            bench.kernel().interrupts().request(bench.pci().vector(0), "test", () -> {
                if (bench.cpu().load32(shared.cpuAddress() + PAGE - 4) != TOLD) {
                    early.add("early");
                }
                registers(bench).write64(0, 0);
                registers(bench).read32(0);
                return Result.HANDLED;
            });
            registers(bench).write64(8, shared.dmaAddress());
            // Not a delay, which is one instruction: interrupts come behind it.
            bench.kernel().sleep(SETTLE_PICOS);
        };
        assertThat(count("plain", trusting)).isZero();
        assertThat(count("timing", trusting)).isPositive();
    }

    @Test
    void cardsArePulledOut() {
        BiConsumer<Bench, List<String>> looking = (bench, gone) -> {
            for (int i = 0; i < 100; i++) {
                if (registers(bench).read32(0) == 0xffff_ffffL) {
                    gone.add("gone");
                }
            }
        };
        assertThat(count("plain", looking)).isZero();
        assertThat(count("timing", looking)).isBetween(1, SEEDS - 1);
    }

    @Test
    void theHighestByteComesFirst() {
        for (String name : List.of("plain", "big-endian")) {
            boolean isBig = name.equals("big-endian");
            Verdict verdict = run(name, 0, bench -> {
                Cpu cpu = bench.cpu();
                long at = bench.kernel().memory().kmalloc(64, "words");
                assertThat(cpu.isBigEndian()).isEqualTo(isBig);
                cpu.store64(at, 0x0102_0304_0506_0708L);
                assertThat(cpu.load8(at)).isEqualTo(isBig ? 1 : 8);
                assertThat(cpu.load64(at)).isEqualTo(0x0102_0304_0506_0708L);
                cpu.store32(at, cpu.le32(0xf1f2_f3f4L));
                assertThat(cpu.load8(at)).isEqualTo(0xf4);
                assertThat(cpu.le32(cpu.load32(at))).isEqualTo(0xf1f2_f3f4L);
                cpu.store16(at, cpu.le16(0xf1f2));
                assertThat(cpu.load8(at + 1)).isEqualTo(0xf1);
                assertThat(cpu.le16(cpu.load16(at))).isEqualTo(0xf1f2);
                assertThat(registers(bench).read32(0)).isEqualTo(7);
                bench.kernel().memory().kfree(at);
            });
            assertThat(verdict.findings()).isEmpty();
        }
    }

    @Test
    void aMachineThatThereIsNotIsRefused() {
        assertThatThrownBy(() -> HostileMachines.named("bounse"))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("did you mean bounce?");
    }
}
