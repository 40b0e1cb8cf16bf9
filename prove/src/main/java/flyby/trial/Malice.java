package flyby.trial;

import flyby.choice.Decisions;
import flyby.choice.Decisions.Point;
import flyby.dma.Dma;
import flyby.dma.DmaObserver;
import flyby.memory.MemoryAgent;
import flyby.sim.Prng;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Devices that mean harm: what they tell their driver, in writes of up to a line, is not what is true, and is another
/// thing when the driver looks again. They write only where they may.
final class Malice {
    /// What is longer is data.
    private static final int TOLD_BYTES_MAX = 64;

    private static final int WORD_BYTES = 8;

    /// What a lie may be, and the truth.
    private static final int KINDS = 7;

    /// What a device has told.
    private record Told(long begin, long end, MemoryAgent agent) {}

    private final Decisions decisions;
    /// For lies that are just some number.
    private final Prng prng = new Prng(0);
    private final TreeMap<Long, Told> told = new TreeMap<>();
    private final List<Reach> reaches = new ArrayList<>();

    Malice(Decisions decisions) {
        this.decisions = decisions;
    }

    /// The way of a device to memory.
    MemoryAgent around(MemoryAgent agent) {
        return new Liar(agent);
    }

    /// Has the memory known that the device behind `dma` may write.
    void watch(Dma dma) {
        Reach reach = new Reach();
        reaches.add(reach);
        dma.observe(reach);
    }

    /// The CPU is about to load.
    void beforeLoad(long address, int byteCount) {
        Map.Entry<Long, Told> entry = told.floorEntry(address + byteCount - 1);
        if (entry == null || entry.getValue().end() <= address) {
            return;
        }
        Told word = entry.getValue();
        long begin = Math.max(address, word.begin());
        int count = (int) Math.min(Math.min(address + byteCount, word.end()) - begin, WORD_BYTES);
        if (reaches.stream().noneMatch(reach -> reach.holds(begin, count))) {
            return;
        }
        byte[] lie = new byte[count];
        word.agent().read(begin, lie, 0, count, true);
        if (lie(lie, 0, count)) {
            word.agent().write(begin, lie, 0, count, true);
        }
    }

    /// Puts something there that a driver may not have thought of, or leaves it as it is.
    ///
    /// @return whether it is changed
    private boolean lie(byte[] bytes, int offset, int byteCount) {
        int kind = (int) decisions.below(Point.MALICE, KINDS);
        if (kind == 0) {
            return false;
        }
        long random = prng.nextLong();
        long value = switch (kind) {
            case 1 -> -1L;
            case 2 -> 0L;
            // The largest number of so many bytes, with a sign.
            case 3 -> -1L >>> (Long.SIZE + 1 - 8 * byteCount);
            // One that is large, but not very.
            case 4 -> random & 0xffff;
            case 5 -> random;
            // One bit is another.
            default -> word(bytes, offset, byteCount) ^ (1L << (random & (8L * byteCount - 1)));
        };
        for (int i = 0; i < byteCount; i++) {
            bytes[offset + i] = (byte) (value >>> (8 * i));
        }
        return true;
    }

    private static long word(byte[] bytes, int offset, int byteCount) {
        long word = 0;
        for (int i = 0; i < byteCount; i++) {
            word |= (bytes[offset + i] & 0xffL) << (8 * i);
        }
        return word;
    }

    /// What a device may write.
    private static final class Reach implements DmaObserver {
        private final TreeMap<Long, Call> live = new TreeMap<>();

        boolean holds(long address, int byteCount) {
            return live.values().stream()
                    .anyMatch(call ->
                            call.address() <= address && address + byteCount <= call.address() + call.byteCount());
        }

        private void add(Call call) {
            if (call.address() >= 0 && call.direction().isWritten()) {
                live.put(call.dmaAddress(), call);
            }
        }

        @Override
        public void mapped(Call call) {
            add(call);
        }

        @Override
        public void unmapped(Call call) {
            live.remove(call.dmaAddress());
        }

        @Override
        public void allocated(Call call) {
            add(call);
        }

        @Override
        public void freed(Call call) {
            live.remove(call.dmaAddress());
        }
    }

    private final class Liar implements MemoryAgent {
        private final MemoryAgent agent;

        Liar(MemoryAgent agent) {
            this.agent = agent;
        }

        @Override
        public boolean holds(long address, int byteCount) {
            return agent.holds(address, byteCount);
        }

        @Override
        public long read(long address, byte[] into, int offset, int byteCount, boolean snooped) {
            return agent.read(address, into, offset, byteCount, snooped);
        }

        @Override
        public long write(long address, byte[] from, int offset, int byteCount, boolean snooped) {
            if (byteCount > TOLD_BYTES_MAX) {
                return agent.write(address, from, offset, byteCount, snooped);
            }
            byte[] said = new byte[byteCount];
            System.arraycopy(from, offset, said, 0, byteCount);
            for (int at = 0; at < byteCount; at += WORD_BYTES / 2) {
                lie(said, at, Math.min(WORD_BYTES / 2, byteCount - at));
            }
            long picos = agent.write(address, said, 0, byteCount, snooped);
            told.subMap(address - TOLD_BYTES_MAX, true, address + byteCount, false)
                    .values()
                    .removeIf(each -> each.end() > address);
            told.put(address, new Told(address, address + byteCount, agent));
            return picos;
        }
    }
}
