package flyby.bench;

import flyby.base.Check;
import flyby.bus.Cpu;
import flyby.dma.Direction;
import flyby.dma.Dma;
import flyby.kernel.KernelMemory;
import flyby.machine.KernelSetup;
import flyby.machine.PcieMachine;
import flyby.sim.Prng;
import java.util.Locale;

/// What a map and an unmap cost the simulator while more and more mappings live. Each pair takes one of them away and
/// puts another in its place: the oldest, or any; all of a page, or of 4 KiB to 256 KiB. Prints one RESULT line.
///
/// Usage: `LiveMapsRun [lazy|strict] [live=100000] [pairs=1000000] [oldest|any] [pages|mixed]`.
public final class LiveMapsRun {
    private static final int MIXED_ORDERS = 7;
    /// Buffers are reused: what is mapped does not matter, only where.
    private static final int BUFFER_ORDER = 6;

    private final int live;
    private final int pairs;
    private final boolean isAny;
    private final boolean isMixed;
    private final Prng random = new Prng(1);

    private LiveMapsRun(int live, int pairs, boolean isAny, boolean isMixed) {
        this.live = live;
        this.pairs = pairs;
        this.isAny = isAny;
        this.isMixed = isMixed;
    }

    public static void main(String[] arguments) {
        String mode = arguments.length > 0 ? arguments[0] : "lazy";
        int live = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 100_000;
        int pairs = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1_000_000;
        String which = arguments.length > 3 ? arguments[3] : "oldest";
        String sizes = arguments.length > 4 ? arguments[4] : "pages";
        LiveMapsRun run = new LiveMapsRun(live, pairs, which.equals("any"), sizes.equals("mixed"));
        MapRun.onServer(mode, (machine, cpu) -> {
            double[] nanos = run.measure(machine, cpu);
            System.out.printf(
                    Locale.ROOT,
                    "RESULT flyby-live mode=%s live=%d pairs=%d which=%s sizes=%s ns/pair=%.1f sim_ns/pair=%.1f%n",
                    mode,
                    live,
                    pairs,
                    which,
                    sizes,
                    nanos[0],
                    nanos[1]);
        });
    }

    private double[] measure(PcieMachine machine, Cpu cpu) {
        KernelSetup setup = new KernelSetup(machine, cpu);
        Dma dma = setup.dma(machine.device("copy0"));
        Check.that(dma.setMaskAndCoherent(Dma.bitMask(32)) == 0, "the mask is refused");
        long buffer = setup.kernel().memory().allocatePages(BUFFER_ORDER, KernelMemory.Zone.NORMAL, "buffer");
        long[] mapped = new long[live];
        int[] sizes = new int[live];
        for (int i = 0; i < live; i++) {
            sizes[i] = size();
            mapped[i] = dma.mapSingle(buffer, sizes[i], Direction.TO_DEVICE);
        }
        // What the JIT compiler has not seen would count against few mappings.
        replace(dma, buffer, mapped, sizes, pairs / 10);
        long begin = MapRun.nanos();
        long beginPicos = cpu.nowPicos();
        replace(dma, buffer, mapped, sizes, pairs);
        long nanos = MapRun.nanos() - begin;
        return new double[] {(double) nanos / pairs, (cpu.nowPicos() - beginPicos) / 1e3 / pairs};
    }

    private void replace(Dma dma, long buffer, long[] mapped, int[] sizes, int count) {
        for (int i = 0; i < count; i++) {
            int place = isAny ? (int) random.below(live) : i % live;
            dma.unmapSingle(mapped[place], sizes[place], Direction.TO_DEVICE);
            sizes[place] = size();
            mapped[place] = dma.mapSingle(buffer, sizes[place], Direction.TO_DEVICE);
            Check.that(mapped[place] != Dma.MAPPING_ERROR, "no room for mapping %d", i);
        }
    }

    private int size() {
        // Smaller ones are more frequent: half of all are one page.
        int order = isMixed ? Math.min(Long.numberOfTrailingZeros(random.nextLong()), MIXED_ORDERS - 1) : 0;
        return KernelMemory.PAGE_BYTES << order;
    }
}
