package flyby.bench;

import flyby.guest.Guest;
import flyby.guest.GuestDevice;
import flyby.guest.GuestResult;
import flyby.guest.GuestScript;
import flyby.live.ServeOrder;
import flyby.live.ServedDevice;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A guest's drive served by Flyby beside QEMU's own, in the same guest, in turns, each on a file of the same folder:
/// operations a second by fio, medians over rounds, and their ratio.
public final class GuestNvmeRun {
    private static final long FILE_BYTES = 256L << 20;
    private static final String[] LOADS = {
        "randread 4k 1", "randwrite 4k 1", "randread 4k 32", "randwrite 4k 32", "read 128k 8", "write 128k 8"
    };

    private GuestNvmeRun() {}

    /// @param arguments rounds, seconds of each measurement, trapped or mapped, a folder for the files
    public static void main(String[] arguments) throws IOException {
        int rounds = Integer.parseInt(arguments[0]);
        int seconds = Integer.parseInt(arguments[1]);
        boolean isMapped = arguments[2].equals("mapped");
        Path folder = Path.of(arguments[3]);
        Path ours = file(folder, "flyby-bench-a.img");
        Path theirs = file(folder, "flyby-bench-b.img");
        try {
            GuestDevice flyby = served(ours, isMapped);
            GuestDevice qemu = GuestDevice.ofQemu(
                    "nvme,drive=peer,serial=peer", List.of("-drive", "if=none,format=raw,id=peer,file=" + theirs));
            Guest guest = Guest.find(System.getenv());
            GuestResult result = guest.with(guest.setup().with(List.of(flyby, qemu)))
                    .run(
                            GuestScript.of(script(rounds, seconds)),
                            Duration.ofSeconds(120 + (long) rounds * seconds * LOADS.length * 4),
                            arguments.length > 4 ? System.out : OutputStream.nullOutputStream());
            if (!result.succeeded()) {
                throw new IllegalStateException(result.trouble() + "\n" + result.output() + result.console());
            }
            System.out.printf("%s, %d rounds of %d s, doorbells %s%n", guest.title(), rounds, seconds, arguments[2]);
            show(result.output());
        } finally {
            Files.deleteIfExists(ours);
            Files.deleteIfExists(theirs);
        }
    }

    private static Path file(Path folder, String name) throws IOException {
        Path file = folder.resolve(name);
        try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw")) {
            made.setLength(FILE_BYTES);
        }
        return file;
    }

    private static GuestDevice served(Path file, boolean isMapped) {
        ServeOrder order = ServeOrder.of("nvme", List.of())
                .withFile(file)
                .with(isMapped ? ServeOrder.Doorbells.MAPPED : ServeOrder.Doorbells.TRAPPED);
        return new GuestDevice() {
            @Override
            public String name() {
                return "nvme";
            }

            @Override
            public Ready prepare(Path folder) {
                Path socket = folder.resolve("nvme.sock");
                ServedDevice served = ServedDevice.serve(order, socket, System.err::println);
                Ready there = GuestDevice.at(socket).prepare(folder);
                return new Ready() {
                    @Override
                    public List<String> qemuArguments(String bus) {
                        return there.qemuArguments(bus);
                    }

                    @Override
                    public void close() {
                        served.close();
                    }
                };
            }
        };
    }

    private static String script(int rounds, int seconds) {
        StringBuilder script = new StringBuilder("""
                modprobe nvme; sleep 1
                for d in /sys/class/nvme/nvme*; do
                  if grep -q Flyby $d/model; then ours=/dev/$(basename $d)n1; else theirs=/dev/$(basename $d)n1; fi
                done
                run() {
                  fio --name=x --filename=$2 --rw=$3 --bs=$4 --iodepth=$5 --ioengine=io_uring --direct=1 \
                --runtime=SECONDS --time_based --norandommap --randrepeat=0 --output-format=terse --terse-version=3 |
                  awk -F';' -v n="$1,$3 $4 $5" '{ printf "rate,%s,%d\\n", n, $8 + $49 }'
                }
                # Both have been used once before anything counts.
                for f in $ours $theirs; do run warm $f randrw 4k 32; done
                """.replace("SECONDS", String.valueOf(seconds)));
        for (int round = 0; round < rounds; round++) {
            for (String load : LOADS) {
                script.append("run flyby $ours ").append(load).append('\n');
                script.append("run qemu $theirs ").append(load).append('\n');
            }
        }
        return script.append("true\n").toString();
    }

    private static void show(String output) {
        Map<String, List<Double>> rates = new TreeMap<>();
        for (String line : output.lines().filter(each -> each.startsWith("rate,")).toList()) {
            String[] fields = line.split(",");
            rates.computeIfAbsent(fields[2] + "," + fields[1], _ -> new ArrayList<>()).add(Double.valueOf(fields[3]));
        }
        System.out.printf("%-16s %10s %10s %7s%n", "load", "flyby/s", "qemu/s", "ratio");
        for (String load : LOADS) {
            double flyby = median(rates.getOrDefault(load + ",flyby", List.of(0.0)));
            double qemu = median(rates.getOrDefault(load + ",qemu", List.of(0.0)));
            System.out.printf("%-16s %10.0f %10.0f %7.2f%n", load, flyby, qemu, flyby / qemu);
        }
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }
}
