package flyby.check;

import flyby.check.Finding.Step;
import flyby.dma.Direction;
import flyby.dma.Dma;
import flyby.dma.DmaObserver.Call;
import flyby.dma.DmaObserver.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Memory that a device may reach, or might: a streaming mapping, an entry of a list, coherent memory.
final class Mapping {
    /// The CPU owns the byte: it was synced for it and not given back.
    static final byte OF_CPU = 1;

    /// The CPU has stored to it, and not synced it for the device since.
    static final byte DIRTY = 1 << 1;

    /// The device has written it, and it was not synced for the CPU since.
    static final byte FRESH = 1 << 2;

    /// Steps of a life are kept from its beginning and from its end.
    private static final int EARLY_STEPS = 12;

    private static final int LATE_STEPS = 20;

    final Dma dma;
    final Kind kind;
    /// As the driver addresses it; -1 if that is not known.
    final long address;

    final long dmaAddress;
    /// Where the device's accesses go, physically.
    final long reached;

    final long byteCount;
    final Direction direction;
    final long attributes;
    final int entry;
    final int entries;
    final CallSite site;
    final long sincePicos;
    /// The number of the record of the call that made it.
    final long number;
    /// A state for each byte; empty where nobody owns bytes: coherent memory, registers.
    final byte[] states;
    /// Whether anybody has asked if it failed.
    boolean isChecked;
    /// Whether a device has used it.
    boolean isUsed;
    boolean isAlive = true;
    /// The record of the call that ended it.
    long endNumber;

    long endPicos;
    CallSite endSite = CallSite.NONE;
    /// What was said of it already.
    @Nullable
    Found found;

    /// A step, put into words only if somebody reads them.
    private record Past(long timePicos, Supplier<String> what, CallSite site) {}

    private final List<Past> early = new ArrayList<>(4);
    private final Deque<Past> late = new ArrayDeque<>(0);
    // What a device has written since the last step, as one.
    private long writtenPicos = -1;
    private String writer = "";
    private int writtenFrom;
    private int writtenEnd;

    Mapping(Call call, long reached, CallSite site, long number) {
        dma = call.device();
        kind = call.kind();
        address = call.address();
        dmaAddress = call.dmaAddress();
        this.reached = reached;
        byteCount = call.byteCount();
        direction = call.direction();
        attributes = call.attributes();
        entry = call.entry();
        entries = call.entries();
        this.site = site;
        this.number = number;
        sincePicos = call.timePicos();
        states = isStreaming(kind) ? new byte[(int) byteCount] : new byte[0];
    }

    private static boolean isStreaming(Kind kind) {
        return kind != Kind.COHERENT && kind != Kind.RESOURCE;
    }

    /// Whether its bytes have owners.
    boolean hasOwners() {
        return states.length > 0;
    }

    boolean isCoherent() {
        return kind == Kind.COHERENT;
    }

    /// Whether a copy stands between driver and device.
    boolean isBounced() {
        return kind != Kind.RESOURCE && address >= 0 && reached >= 0 && reached != address;
    }

    /// Whether the CPU owns `count` bytes from `first` on, and the device has written none of them since.
    boolean isAllOfCpu(long first, int count) {
        int from = (int) (first - address);
        return (Bits.any(states, from, count) & FRESH) == 0 && Bits.haveAll(states, from, count, OF_CPU);
    }

    boolean holds(long at) {
        return at >= address && at - address < byteCount;
    }

    boolean holdsDma(long at) {
        return at >= dmaAddress && at - dmaAddress < byteCount;
    }

    boolean holdsReached(long at) {
        return reached >= 0 && at >= reached && at - reached < byteCount;
    }

    void step(long timePicos, CallSite where, Supplier<String> what) {
        settle();
        add(new Past(timePicos, what, where));
    }

    private void add(Past step) {
        if (early.size() < EARLY_STEPS) {
            early.add(step);
            return;
        }
        if (late.size() == LATE_STEPS) {
            late.removeFirst();
        }
        late.addLast(step);
    }

    /// `device` has written `count` bytes from byte `from` on.
    void wrote(long timePicos, String device, int from, int count) {
        if (writtenPicos >= 0 && from == writtenEnd && device.equals(writer)) {
            writtenEnd = from + count;
            return;
        }
        settle();
        writtenPicos = timePicos;
        writer = device;
        writtenFrom = from;
        writtenEnd = from + count;
    }

    private void settle() {
        if (writtenPicos >= 0) {
            int from = writtenFrom;
            int count = writtenEnd - from;
            String device = writer;
            add(new Past(
                    writtenPicos,
                    () -> "%s wrote %d bytes from byte %d on".formatted(device, count, from),
                    CallSite.NONE));
            writtenPicos = -1;
        }
    }

    List<Step> life() {
        settle();
        List<Step> life = new ArrayList<>();
        early.forEach(past -> life.add(new Step(past.timePicos, past.what.get(), past.site)));
        late.forEach(past -> life.add(new Step(past.timePicos, past.what.get(), past.site)));
        return life;
    }

    /// `256 bytes at 0x1000, mapped FROM_DEVICE`.
    String describe() {
        return switch (kind) {
            case COHERENT -> "%d bytes of coherent memory at 0x%x".formatted(byteCount, dmaAddress);
            case RESOURCE -> "%d bytes of registers, mapped at 0x%x".formatted(byteCount, dmaAddress);
            default -> "%d bytes, mapped %s at 0x%x".formatted(byteCount, direction, dmaAddress);
        };
    }
}
