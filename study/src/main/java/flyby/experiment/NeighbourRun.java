package flyby.experiment;

import flyby.base.Check;
import flyby.bus.Cpu;
import flyby.dma.Direction;
import flyby.driver.ApertureDriver;
import flyby.kernel.KernelMemory;
import flyby.study.Figure;
import flyby.study.Figure.Unit;
import flyby.study.Finding;
import flyby.study.Finding.ByteEvidence;
import flyby.study.RunContext;
import flyby.study.RunResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// The device writes a buffer while the CPU writes what lies before and behind it.
final class NeighbourRun {
    static final String LOST = "lostByteCount";

    /// No multiple of a line: members of that size share lines.
    private static final int SIZE = 96;

    private static final int ROUNDS = 8;
    private static final int SHOWN_MAX = 32;

    private final String name;
    private final ApertureBench bench;
    private final Bytes bytes;
    private final List<ByteEvidence> evidence = new ArrayList<>();
    private long lost;

    NeighbourRun(String name, RunContext context) {
        this.name = name;
        bench = new ApertureBench(name, context);
        bytes = new Bytes(context.seed(), ROUNDS * SIZE);
        bench.run(lab -> {
            ApertureDriver driver = lab.driver(false);
            KernelMemory memory = lab.memoryOfKernel();
            long[] objects = name.equals(Unaligned.SHARED) ? oneObject(memory) : threeObjects(memory);
            for (int round = 1; round <= ROUNDS; round++) {
                round(lab, driver, objects, round);
                context.progress().at(round, ROUNDS);
            }
        });
    }

    /// Three members of one structure: they follow each other.
    private static long[] oneObject(KernelMemory memory) {
        long structure = memory.kmalloc(3 * SIZE, "a structure");
        return new long[] {structure, structure + SIZE, structure + 2 * SIZE};
    }

    private static long[] threeObjects(KernelMemory memory) {
        long[] objects = new long[3];
        for (int i = 0; i < objects.length; i++) {
            objects[i] = memory.kmalloc(SIZE, "neighbours");
        }
        Arrays.sort(objects);
        return objects;
    }

    private void round(ApertureBench.Lab lab, ApertureDriver driver, long[] objects, int round) {
        Cpu cpu = lab.cpu();
        byte[] piece = bytes.next(SIZE);
        bench.putDeviceBytes(piece);
        long mapped = lab.device().dma().mapSingle(objects[1], SIZE, Direction.FROM_DEVICE);
        Check.that(lab.device().dma().mappingError(mapped) == 0, "a map has failed");
        byte[] beside = new byte[SIZE];
        Arrays.fill(beside, (byte) round);
        cpu.beginTransfer(SIZE);
        cpu.storeBytes(objects[0], beside, 0, SIZE);
        cpu.storeBytes(objects[2], beside, 0, SIZE);
        driver.poll(driver.post(mapped, 0, SIZE, true));
        lab.device().dma().unmapSingle(mapped, SIZE, Direction.FROM_DEVICE);
        byte[] seen = new byte[SIZE];
        cpu.loadBytes(objects[1], seen, 0, SIZE);
        cpu.endTransfer();
        bytes.arrived(seen);
        compare(objects[1], seen, piece, "the device's memory");
        for (int i = 0; i < objects.length; i += 2) {
            cpu.loadBytes(objects[i], seen, 0, SIZE);
            compare(objects[i], seen, beside, "what the CPU had stored");
        }
    }

    private void compare(long address, byte[] seen, byte[] right, String rightIn) {
        int first = Arrays.mismatch(seen, right);
        for (int i = Math.max(first, 0); first >= 0 && i < SIZE; i++) {
            lost += seen[i] == right[i] ? 0 : 1;
        }
        if (first >= 0 && evidence.size() < 2) {
            int to = Math.min(SIZE, first + SHOWN_MAX);
            evidence.add(new ByteEvidence(
                    address + first,
                    Arrays.copyOfRange(seen, first, to),
                    "the CPU",
                    Arrays.copyOfRange(right, first, to),
                    rightIn));
        }
    }

    RunResult result() {
        List<Finding> findings = new ArrayList<>();
        if (lost > 0) {
            findings.add(new Finding(
                    !name.equals(Unaligned.SHARED),
                    String.format(Locale.ROOT, "%,d bytes were lost beside a buffer that the device writes", lost),
                    "The buffer shares its first cache line with another member of a structure. The CPU stored to that"
                            + " while the device had the buffer; the line was dirty then. When the buffer came back to"
                            + " the CPU its lines were invalidated, and the neighbour's bytes in it were gone.",
                    "a buffer of its own from kmalloc, which aligns to ARCH_DMA_MINALIGN, or a"
                            + " member that is aligned to that and padded",
                    evidence));
        }
        List<Figure> figures = new ArrayList<>();
        figures.add(TracedRun.figure(LOST, "bytes lost", lost, Unit.COUNT, true));
        figures.addAll(bench.figures().of(bench.traced(), bytes.count()));
        return bench.traced()
                .result(bytes.count(), bytes.arrivedDigest(), bytes.sentDigest(), findings, figures, List.of());
    }
}
