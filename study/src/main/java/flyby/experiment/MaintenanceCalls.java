package flyby.experiment;

import flyby.dma.Direction;
import flyby.dma.Dma;
import flyby.dma.DmaStatistics.Count;
import flyby.study.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What the calls of the DMA API did to caches, call by call, in one message.
final class MaintenanceCalls {
    private static final Count[] COUNTED = {
        Count.CLEANS,
        Count.CLEANED_BYTES,
        Count.INVALIDATIONS,
        Count.INVALIDATED_BYTES,
        Count.CLEAN_INVALIDATIONS,
        Count.CLEAN_INVALIDATED_BYTES
    };

    @SuppressWarnings("ArrayRecordComponent") // Counted up, never compared.
    private record Call(String name, Direction direction, long[] counts) {}

    private final List<Call> calls = new ArrayList<>();

    /// Another message: what was before is forgotten.
    void begin() {
        calls.clear();
    }

    /// Makes a call, and keeps what it did.
    void of(Dma dma, String name, Direction direction, Runnable call) {
        long[] before = counts(dma);
        call.run();
        long[] after = counts(dma);
        for (int i = 0; i < after.length; i++) {
            after[i] -= before[i];
        }
        calls.add(new Call(name, direction, after));
    }

    private static long[] counts(Dma dma) {
        return Arrays.stream(COUNTED).mapToLong(dma.statistics()::of).toArray();
    }

    boolean isEmpty() {
        return calls.isEmpty();
    }

    /// Of the last message.
    long sum(Count count) {
        int index = Arrays.asList(COUNTED).indexOf(count);
        return calls.stream().mapToLong(call -> call.counts()[index]).sum();
    }

    /// The last message's calls, with what Linux does where devices ask no caches (row 9.5 of the list of figures).
    Table table(boolean isCoherent) {
        List<List<String>> rows = new ArrayList<>();
        for (Call call : calls) {
            long[] counts = call.counts();
            rows.add(List.of(
                    call.name(),
                    "DMA_"
                            + switch (call.direction()) {
                                case TO_DEVICE -> "TO_DEVICE";
                                case FROM_DEVICE -> "FROM_DEVICE";
                                default -> call.direction().name();
                            },
                    did("cleaned", counts[0], counts[1]),
                    did("invalidated", counts[2] + counts[4], counts[3] + counts[5]),
                    isCoherent ? "nothing" : published(call)));
        }
        return new Table(
                "maintenanceCalls",
                "What the calls of the last message did to caches",
                List.of("call", "direction", "cleaned", "invalidated", "published (number 9.5)"),
                rows);
    }

    private static String did(String what, long count, long byteCount) {
        return count == 0 ? "-" : "%,d B %s, %d %s".formatted(byteCount, what, count, count == 1 ? "call" : "calls");
    }

    private static String published(Call call) {
        boolean isForDevice =
                call.name().equals("dma_map_single") || call.name().equals("dma_sync_single_for_device");
        return switch (call.direction()) {
            case TO_DEVICE -> isForDevice ? "write back" : "nothing";
            case FROM_DEVICE -> "invalidate";
            default -> isForDevice ? "write back and invalidate" : "invalidate";
        };
    }
}
