package flyby.experiment;

import flyby.aperture.layout.ApertureRegisters;
import flyby.base.Check;
import flyby.bus.Cpu;
import flyby.dma.Direction;
import flyby.driver.ApertureDriver;
import flyby.kernel.KernelMemory;
import flyby.study.Figure;
import flyby.study.Figure.Unit;
import flyby.study.RunContext;
import flyby.study.RunResult;
import flyby.study.Series;
import java.util.List;

/// The device writes, or reads, memory at each offset.
final class UnalignedRun {
    static final List<Integer> SIZES = List.of(64, 256, 1_024);

    private static final int LAST_OFFSET = 128;
    private static final int STEP = 4;
    private static final Series.Axis OFFSET = new Series.Axis("offset", Unit.BYTES, false);
    private static final Series.Axis PACKETS = new Series.Axis("packets", Unit.COUNT, false);

    /// Around the end of a page.
    static final Curves.Plot PAGE = new Curves.Plot(
            "packetsAtPage",
            "Packets of 128 B from 3,968 + offset on, with doorbell, descriptor and report",
            OFFSET,
            PACKETS);

    private final ApertureBench bench;
    private final Bytes bytes;
    private final Curves curves = new Curves();
    private final boolean isToHost;

    UnalignedRun(String name, RunContext context) {
        isToHost = name.equals(Unaligned.WRITE);
        bench = new ApertureBench(name, context);
        int offsets = LAST_OFFSET / STEP + 1;
        bytes = new Bytes(
                context.seed(),
                offsets * (128 + SIZES.stream().mapToInt(Integer::intValue).sum()));
        bench.run(lab -> {
            ApertureDriver driver = lab.driver(false);
            // The read pushes what set the device up before it, so that no packet of that is counted.
            lab.bar().read32(ApertureRegisters.DONE_COUNT);
            long buffer = lab.buffer(2 * KernelMemory.PAGE_BYTES);
            for (int offset = 0; offset <= LAST_OFFSET; offset += STEP) {
                for (int size : SIZES) {
                    move(lab, driver, buffer + offset, size, offset, packets(size), time(size));
                }
                move(lab, driver, buffer + 3_968 + offset, 128, offset, PAGE, time(128));
                context.progress().at(offset, LAST_OFFSET);
            }
        });
    }

    static Curves.Plot packets(int size) {
        return new Curves.Plot(
                "packetsByOffset" + size,
                "Packets of " + size + " B, with doorbell, descriptor and report",
                OFFSET,
                PACKETS);
    }

    private static Curves.Plot time(int size) {
        String where = size == 128 ? " from 3,968 + offset on" : "";
        return new Curves.Plot(
                "timeByOffset" + size,
                "Time of " + size + " B" + where + ", from doorbell to report",
                OFFSET,
                new Series.Axis("time", Unit.PICOSECONDS, false));
    }

    private void move(
            ApertureBench.Lab lab,
            ApertureDriver driver,
            long address,
            int size,
            int offset,
            Curves.Plot packets,
            Curves.Plot time) {
        Cpu cpu = lab.cpu();
        byte[] piece = bytes.next(size);
        Direction direction = isToHost ? Direction.FROM_DEVICE : Direction.TO_DEVICE;
        if (isToHost) {
            bench.putDeviceBytes(piece);
        } else {
            cpu.storeBytes(address, piece, 0, size);
        }
        long mapped = lab.device().dma().mapSingle(address, size, direction);
        Check.that(lab.device().dma().mappingError(mapped) == 0, "a map has failed");
        long before = packetsNow();
        long begin = cpu.nowPicos();
        cpu.beginTransfer(size);
        driver.poll(driver.post(mapped, 0, size, isToHost));
        cpu.endTransfer();
        curves.add(time, offset, (double) (cpu.nowPicos() - begin));
        curves.add(packets, offset, (double) (packetsNow() - before));
        lab.device().dma().unmapSingle(mapped, size, direction);
        byte[] seen = new byte[size];
        if (isToHost) {
            cpu.loadBytes(address, seen, 0, size);
            bytes.arrived(seen);
        } else {
            bytes.arrived(bench.deviceBytes(size));
        }
    }

    private long packetsNow() {
        return bench.machine().links().stream()
                .mapToLong(link -> link.upstreamTraffic().packets()
                        + link.downstreamTraffic().packets())
                .sum();
    }

    RunResult result() {
        List<Figure> figures = bench.figures().of(bench.traced(), bytes.count());
        return bench.traced()
                .result(bytes.count(), bytes.arrivedDigest(), bytes.sentDigest(), List.of(), figures, List.of())
                .withSeries(curves.series());
    }
}
