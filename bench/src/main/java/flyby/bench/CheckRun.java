package flyby.bench;

import flyby.base.Check;
import flyby.bus.Cpu;
import flyby.choice.Decisions;
import flyby.dma.Scatterlist;
import flyby.kernel.KernelMemory;
import flyby.nvmehost.NvmeDriver;
import flyby.nvmehost.NvmeNamespace;
import flyby.nvmehost.NvmeRequest;
import flyby.sim.Time;
import flyby.subjects.NicSubject;
import flyby.subjects.ShelfCard;
import flyby.topology.Card;
import flyby.topology.DeviceKind;
import flyby.trial.Bench;
import flyby.trial.HostileMachine;
import flyby.trial.HostileMachines;
import flyby.trial.Scene;
import flyby.trial.Subject;
import flyby.trial.Trial;
import flyby.trial.TrialOptions;
import flyby.trial.Verdict;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/// What the checker costs: the same trials with it and without, in turn, on a coherent machine and on one whose devices
/// do not ask the caches; without the driver's lines, as most runs of a check are, and with them, as those are that
/// have something to report.
///
/// Usage: `CheckRun [rounds=5] [requests=4000]`.
public final class CheckRun {
    private static final int DEPTH = 32;
    private static final int REQUEST_BYTES = 4_096;
    private static final int PATIENCE_SECONDS = 10;

    private CheckRun() {}

    public static void main(String[] arguments) {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
        int requests = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 4_000;
        for (String machine : List.of("coherent", "non-coherent")) {
            for (boolean findsLines : new boolean[] {false, true}) {
                compare("nvme", machine, () -> new Reads(requests), findsLines, rounds);
                compare("nic", machine, () -> new NicSubject(requests), findsLines, rounds);
            }
        }
    }

    private static void compare(
            String name, String machineName, Supplier<Subject> maker, boolean findsLines, int rounds) {
        HostileMachine machine = HostileMachines.named(machineName);
        TrialOptions patient = TrialOptions.STANDARD.withPatience(PATIENCE_SECONDS * Time.SECOND);
        TrialOptions checked = findsLines ? patient : patient.withoutLines();
        double[] with = new double[rounds];
        double[] without = new double[rounds];
        for (int i = -1; i < rounds; i++) {
            double plain = seconds(maker.get(), machine, checked.unchecked());
            double watched = seconds(maker.get(), machine, checked);
            if (i >= 0) {
                // The first round warms up.
                with[i] = watched;
                without[i] = plain;
            }
        }
        Arrays.sort(with);
        Arrays.sort(without);
        double watched = with[rounds / 2];
        double plain = without[rounds / 2];
        System.out.println(String.format(
                Locale.ROOT,
                "RESULT check %s on %s %s: %.3f s without the checker, %.3f s with it, ratio %.2f",
                name,
                machineName,
                findsLines ? "with lines" : "without lines",
                plain,
                watched,
                watched / plain));
    }

    private static double seconds(Subject subject, HostileMachine machine, TrialOptions options) {
        long begin = System.nanoTime();
        Verdict verdict = Trial.run(subject, machine, 1, Decisions.PLAIN, options);
        double seconds = (System.nanoTime() - begin) * 1e-9;
        Check.that(verdict.findings().isEmpty(), "findings: %s", verdict.findings());
        return seconds;
    }

    /// Reads of 4 KiB from a drive, 32 under way.
    private static final class Reads implements Subject {
        private final int requests;

        Reads(int requests) {
            this.requests = requests;
        }

        @Override
        public String name() {
            return "nvme reads";
        }

        @Override
        public List<Card> cards(Scene scene) {
            return List.of(ShelfCard.of(DeviceKind.NVME, "nvme.queues=1", "nvme.size=16 MiB"));
        }

        @Override
        public void run(Bench bench) {
            Check.that(bench.pci().bind(new NvmeDriver(1, 2 * DEPTH)) == 0, "the drive is not bound");
            NvmeNamespace drive = NvmeDriver.namespace(bench.pci());
            Cpu cpu = bench.cpu();
            KernelMemory memory = bench.kernel().memory();
            int blocks = REQUEST_BYTES / drive.blockBytes();
            long[] buffers = new long[DEPTH];
            Arrays.setAll(buffers, _ -> memory.allocatePages(0, KernelMemory.Zone.NORMAL, "data"));
            NvmeRequest[] under = new NvmeRequest[DEPTH];
            byte[] data = new byte[REQUEST_BYTES];
            for (int i = 0; i < requests + DEPTH; i++) {
                int place = i % DEPTH;
                if (i >= DEPTH) {
                    Check.that(drive.await(under[place]) == 0, "a read failed");
                    cpu.loadBytes(buffers[place], data, 0, REQUEST_BYTES);
                }
                if (i < requests) {
                    Scatterlist list = new Scatterlist(1);
                    list.set(0, buffers[place], REQUEST_BYTES);
                    under[place] = NvmeRequest.read((long) i % 1024 * blocks, blocks, list);
                    Check.that(drive.queue(0, under[place]) == 0, "a read was refused");
                    drive.commit(0);
                }
            }
            bench.pci().unbind();
            for (long buffer : buffers) {
                memory.freePages(buffer, 0);
            }
        }
    }
}
