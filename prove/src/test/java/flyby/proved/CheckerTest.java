package flyby.proved;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.Device;
import flyby.check.Finding;
import flyby.check.Rule;
import flyby.choice.Decisions;
import flyby.dma.Attributes;
import flyby.dma.CoherentBuffer;
import flyby.dma.Direction;
import flyby.dma.Dma;
import flyby.dma.DmaPool;
import flyby.dma.Scatterlist;
import flyby.kernel.KernelMemory;
import flyby.kernel.KernelMemory.Zone;
import flyby.topology.Card;
import flyby.trial.Bench;
import flyby.trial.HostileMachine;
import flyby.trial.HostileMachines;
import flyby.trial.Scene;
import flyby.trial.Subject;
import flyby.trial.Trial;
import flyby.trial.TrialOptions;
import flyby.trial.Verdict;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// What calls and accesses of the CPU alone show to be wrong. What devices have part in, the zoo's specimens show.
final class CheckerTest {
    private static final int BYTES = 256;

    private record Doing(Consumer<Bench> body) implements Subject {
        @Override
        public String name() {
            return "test";
        }

        @Override
        public List<Card> cards(Scene scene) {
            return List.of(Card.of(1, 64, 0, 1, _ -> new Silent()));
        }

        @Override
        public void run(Bench bench) {
            body.accept(bench);
        }
    }

    /// A device that does nothing.
    private static final class Silent implements Device {
        @Override
        public long readRegister(int region, long offset, int byteCount) {
            return 0;
        }

        @Override
        public void writeRegister(int region, long offset, int byteCount, long value) {
            // It has no registers.
        }

        @Override
        public void reset() {
            // Nothing is under way.
        }
    }

    private static Verdict on(HostileMachine machine, Consumer<Bench> body, TrialOptions options) {
        return Trial.run(new Doing(body), machine, 1, Decisions.PLAIN, options);
    }

    /// The only finding, on any machine, is of `rule` and names a line of this file; a run without lines finds as much.
    private static void breaks(Rule rule, Consumer<Bench> body) {
        for (HostileMachine machine : List.of(HostileMachines.PLAIN, HostileMachines.named("non-coherent"))) {
            List<Finding> findings = on(machine, body, TrialOptions.STANDARD).findings();
            assertThat(findings).as("on %s", machine.name()).hasSize(1);
            Finding finding = findings.getFirst();
            assertThat(finding.rule()).as(finding.what()).isEqualTo(rule);
            assertThat(finding.site().file()).isEqualTo("flyby/proved/CheckerTest.java");
            assertThat(on(machine, body, TrialOptions.STANDARD.withoutLines()).findings())
                    .isNotEmpty();
        }
    }

    private static void isRight(Consumer<Bench> body) {
        for (HostileMachine machine : HostileMachines.all()) {
            assertThat(on(machine, body, TrialOptions.STANDARD).findings())
                    .as("on %s", machine.name())
                    .isEmpty();
        }
    }

    private static long buffer(Bench bench) {
        return bench.kernel().memory().kmalloc(BYTES, "a buffer");
    }

    private static long map(Bench bench, long buffer, Direction direction) {
        long at = bench.dma().mapSingle(buffer, BYTES, direction);
        assertThat(bench.dma().mappingError(at)).isZero();
        return at;
    }

    @Test
    void whatIsDoneByTheBookIsRight() {
        isRight(bench -> {
            Dma dma = bench.dma();
            long buffer = buffer(bench);
            byte[] bytes = new byte[BYTES];
            bench.cpu().storeBytes(buffer, bytes, 0, BYTES);
            long at = map(bench, buffer, Direction.TO_DEVICE);
            dma.syncSingleForCpu(at, BYTES, Direction.TO_DEVICE);
            bench.cpu().store32(buffer, 7);
            dma.syncSingleForDevice(at, BYTES, Direction.TO_DEVICE);
            dma.unmapSingle(at, BYTES, Direction.TO_DEVICE);
            bench.kernel().memory().kfree(buffer);
        });
    }

    @Test
    void watchingChangesNothing() {
        Consumer<Bench> body = bench -> {
            long buffer = buffer(bench);
            long at = map(bench, buffer, Direction.TO_DEVICE);
            bench.dma().unmapSingle(at, BYTES, Direction.TO_DEVICE);
            bench.kernel().memory().kfree(buffer);
        };
        for (HostileMachine machine : HostileMachines.all()) {
            Verdict watched = on(machine, body, TrialOptions.STANDARD);
            Verdict alone = on(machine, body, TrialOptions.STANDARD.unchecked());
            assertThat(watched.traceHash()).isEqualTo(alone.traceHash());
        }
    }

    @Test
    void directionsAndAttributes() {
        breaks(Rule.R36, bench -> {
            long buffer = buffer(bench);
            bench.dma().mapSingle(buffer, BYTES, Direction.NONE);
            bench.kernel().memory().kfree(buffer);
        });
        breaks(Rule.R24, bench -> {
            long page = bench.kernel().memory().allocatePages(0, Zone.NORMAL, "a page");
            long at = bench.dma().mapSingle(page, BYTES, Direction.TO_DEVICE, Attributes.PRIVILEGED);
            assertThat(bench.dma().mappingError(at)).isZero();
            bench.dma().unmapSingle(at, BYTES, Direction.TO_DEVICE);
            bench.kernel().memory().freePages(page, 0);
        });
    }

    @Test
    void whatMayBeMapped() {
        breaks(Rule.R18, bench -> {
            long page = bench.kernel().memory().allocatePages(0, Zone.NORMAL, "a page");
            long at = bench.dma().mapResource(page, BYTES, Direction.TO_DEVICE, Attributes.NONE);
            assertThat(bench.dma().mappingError(at)).isZero();
            bench.dma().unmapResource(at, BYTES, Direction.TO_DEVICE, Attributes.NONE);
            bench.kernel().memory().freePages(page, 0);
        });
        breaks(Rule.R17, bench -> {
            CoherentBuffer made = requireNonNull(bench.dma().allocCoherent(BYTES));
            long at = map(bench, made.cpuAddress(), Direction.TO_DEVICE);
            bench.dma().unmapSingle(at, BYTES, Direction.TO_DEVICE);
            bench.dma().freeCoherent(BYTES, made.cpuAddress(), made.dmaAddress());
        });
        breaks(Rule.R13, bench -> {
            long page = bench.kernel().memory().allocatePages(0, Zone.NORMAL, "a page");
            bench.kernel().memory().freePages(page, 0);
            bench.dma().unmapSingle(map(bench, page, Direction.TO_DEVICE), BYTES, Direction.TO_DEVICE);
        });
        breaks(Rule.BOUNDS, bench -> {
            long buffer = bench.kernel().memory().kmalloc(BYTES - 40, "a shorter buffer");
            bench.dma().unmapSingle(map(bench, buffer, Direction.TO_DEVICE), BYTES, Direction.TO_DEVICE);
            bench.kernel().memory().kfree(buffer);
        });
    }

    @Test
    void syncs() {
        breaks(Rule.R43, bench -> {
            long buffer = buffer(bench);
            long at = map(bench, buffer, Direction.TO_DEVICE);
            bench.dma().syncSingleForDevice(at, BYTES + 64, Direction.TO_DEVICE);
            bench.dma().unmapSingle(at, BYTES, Direction.TO_DEVICE);
            bench.kernel().memory().kfree(buffer);
        });
        breaks(Rule.R4, bench -> {
            long buffer = buffer(bench);
            long at = map(bench, buffer, Direction.TO_DEVICE);
            bench.dma().unmapSingle(at, BYTES, Direction.TO_DEVICE);
            bench.dma().syncSingleForDevice(at, BYTES, Direction.TO_DEVICE);
            bench.kernel().memory().kfree(buffer);
        });
    }

    @Test
    void lists() {
        breaks(Rule.R49, bench -> {
            KernelMemory memory = bench.kernel().memory();
            Scatterlist list = new Scatterlist(2);
            long one = memory.allocatePages(0, Zone.NORMAL, "one");
            long other = memory.allocatePages(0, Zone.NORMAL, "other");
            list.set(0, one, BYTES);
            list.set(1, other, BYTES);
            assertThat(bench.dma().mapSg(list, 2, Direction.TO_DEVICE, Attributes.NONE))
                    .isEqualTo(2);
            bench.dma().unmapSg(list, 1, Direction.TO_DEVICE, Attributes.NONE);
            memory.freePages(one, 0);
            memory.freePages(other, 0);
        });
    }

    @Test
    void pools() {
        breaks(Rule.R59, bench -> {
            DmaPool pool = requireNonNull(DmaPool.create(bench.dma(), "blocks", 64, 64, 0));
            CoherentBuffer block = requireNonNull(pool.alloc());
            pool.free(block.cpuAddress(), block.dmaAddress());
            bench.cpu().load32(block.cpuAddress());
            pool.destroy();
        });
        breaks(Rule.R59, bench -> {
            DmaPool pool = requireNonNull(DmaPool.create(bench.dma(), "blocks", 64, 64, 0));
            CoherentBuffer block = requireNonNull(pool.alloc());
            CoherentBuffer other = requireNonNull(pool.alloc());
            pool.free(block.cpuAddress(), block.dmaAddress());
            pool.free(block.cpuAddress(), block.dmaAddress());
            assertThat(other.cpuAddress()).isNotEqualTo(block.cpuAddress());
            pool.destroy();
        });
    }

    @Test
    void memory() {
        breaks(Rule.FREED_MEMORY, bench -> {
            long buffer = buffer(bench);
            bench.kernel().memory().kfree(buffer);
            bench.cpu().load32(buffer);
        });
        breaks(Rule.BOUNDS, bench -> {
            long buffer = bench.kernel().memory().kmalloc(BYTES - 40, "a shorter buffer");
            bench.cpu().storeBytes(buffer, new byte[BYTES], 0, BYTES);
            bench.kernel().memory().kfree(buffer);
        });
        breaks(Rule.BOUNDS, bench -> bench.cpu().load64(0));
    }

    @Test
    void whatIsLeft() {
        breaks(Rule.R55, bench -> requireNonNull(bench.dma().allocCoherent(BYTES)));
        breaks(Rule.R22, bench -> map(bench, buffer(bench), Direction.TO_DEVICE));
    }
}
