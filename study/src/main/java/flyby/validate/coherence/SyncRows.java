package flyby.validate.coherence;

import static flyby.validate.coherence.CoherenceReferences.LINUX;

import flyby.bus.Cpu;
import flyby.dma.Direction;
import flyby.dma.Dma;
import flyby.dmar.DmaSpace;
import flyby.kernel.Kernel;
import flyby.kernel.KernelLog;
import flyby.kernel.KernelMemory;
import flyby.validate.Facts;
import flyby.validate.Grade;
import flyby.validate.Row;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

/// What the DMA API does to caches, call by call: row 9.5. The CPU is one that only writes down what it is told.
final class SyncRows {
    private static final int BYTES = 256;
    private static final String CLEAN = "cleanCache";
    private static final String INVALIDATE = "invalidateCache";
    private static final String BOTH = "cleanAndInvalidateCache";
    private static final String NOTHING = "nothing";
    private static final String HOW =
            "The calls on a kernel whose CPU writes down each operation with its address and length.";

    private SyncRows() {}

    static List<Row> rows() {
        return List.of(
                Row.of("9.5a", "what goes to the device, where nobody asks the caches")
                        .under("dma_map_single and dma_sync_single_for_device")
                        .rule("TO_DEVICE: write back; FROM_DEVICE: invalidate; BIDIRECTIONAL: both", facts -> {
                            call(facts, Direction.TO_DEVICE, true, CLEAN, CLEAN);
                            call(facts, Direction.FROM_DEVICE, true, INVALIDATE, INVALIDATE);
                            call(facts, Direction.BIDIRECTIONAL, true, BOTH, BOTH);
                        })
                        .from(Grade.A, LINUX.at("arch/arc/mm/dma.c, table"), HOW),
                Row.of("9.5b", "what comes back to the CPU, where nobody asks the caches")
                        .under("dma_unmap_single and dma_sync_single_for_cpu")
                        .rule("TO_DEVICE: nothing; FROM_DEVICE and BIDIRECTIONAL: invalidate", facts -> {
                            call(facts, Direction.TO_DEVICE, false, NOTHING, NOTHING);
                            call(facts, Direction.FROM_DEVICE, false, INVALIDATE, INVALIDATE);
                            call(facts, Direction.BIDIRECTIONAL, false, INVALIDATE, INVALIDATE);
                        })
                        .from(Grade.A, LINUX.at("arch/arc/mm/dma.c, table"), HOW),
                Row.of("9.5c", "the same calls where devices ask the caches")
                        .rule("nothing", SyncRows::coherent)
                        .from(Grade.A, LINUX.at("kernel/dma/direct.h"), HOW));
    }

    /// @param toDevice whether map and sync for the device are meant, or unmap and sync for the CPU
    private static void call(Facts facts, Direction direction, boolean toDevice, String map, String sync) {
        Recorder recorder = new Recorder(false);
        long address = recorder.buffer();
        long mapped = recorder.dma.mapSingle(address, BYTES, direction);
        if (toDevice) {
            facts.equal("map " + direction, map, recorder.told(address));
        }
        recorder.told(address);
        recorder.dma.syncSingleForCpu(mapped, BYTES, direction);
        String forCpu = recorder.told(address);
        recorder.dma.syncSingleForDevice(mapped, BYTES, direction);
        facts.equal("sync " + direction, sync, toDevice ? recorder.told(address) : forCpu);
        recorder.told(address);
        recorder.dma.unmapSingle(mapped, BYTES, direction);
        if (!toDevice) {
            facts.equal("unmap " + direction, map, recorder.told(address));
        }
    }

    private static void coherent(Facts facts) {
        for (Direction direction :
                new Direction[] {Direction.TO_DEVICE, Direction.FROM_DEVICE, Direction.BIDIRECTIONAL}) {
            Recorder recorder = new Recorder(true);
            long address = recorder.buffer();
            long mapped = recorder.dma.mapSingle(address, BYTES, direction);
            recorder.dma.syncSingleForCpu(mapped, BYTES, direction);
            recorder.dma.syncSingleForDevice(mapped, BYTES, direction);
            recorder.dma.unmapSingle(mapped, BYTES, direction);
            facts.equal(direction.toString(), NOTHING, recorder.told(address));
        }
    }

    /// A kernel whose CPU does nothing but write down cache maintenance.
    private static final class Recorder {
        private final List<String> told = new ArrayList<>();
        private final Kernel kernel;
        private final Dma dma;

        Recorder(boolean isCoherent) {
            Cpu cpu = (Cpu) Proxy.newProxyInstance(
                    Cpu.class.getClassLoader(), new Class<?>[] {Cpu.class}, (self, method, arguments) -> {
                        if (method.getName().endsWith("Cache")) {
                            told.add(method.getName() + " " + arguments[0] + " " + arguments[1]);
                        }
                        Class<?> type = method.getReturnType();
                        if (type == Cpu.class) {
                            return self;
                        }
                        return type == long.class ? (Object) 0L : type == int.class ? (Object) 0 : null;
                    });
            kernel = new Kernel(cpu, new KernelMemory(1 << 20, 1 << 24, 128), new KernelLog());
            dma = new Dma(kernel, "device", DmaSpace.passThrough(), new Dma.Platform(isCoherent, 64));
        }

        long buffer() {
            return kernel.memory().allocatePages(0, KernelMemory.Zone.NORMAL, "a buffer");
        }

        /// What has been told since the last time, of the whole buffer at `address`; the operation's name alone.
        String told(long address) {
            String all = told.isEmpty() ? NOTHING : String.join(", ", told);
            told.clear();
            return all.replace(" " + address + " " + BYTES, "");
        }
    }
}
