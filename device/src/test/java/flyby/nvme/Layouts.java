package flyby.nvme;

import flyby.base.LittleEndian;
import flyby.nvme.layout.QueueEntries;
import flyby.nvme.layout.SglDescriptor;
import flyby.sim.Prng;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Puts the data of a command somewhere in memory, in one of the many ways that a host may choose, and says in the
/// command where they are.
final class Layouts {
    private static final int PAGE = 4_096;

    /// Bytes one behind the other.
    record Piece(long address, int byteCount) {}

    private final byte[] memory;
    private final Prng random;
    /// The region to use, and how far it is used.
    private final long end;

    private long at;

    /// The region must be twice as large as the data, and some pages.
    Layouts(byte[] memory, Prng random, long begin, long end) {
        this.memory = memory;
        this.random = random;
        this.at = begin;
        this.end = end;
    }

    /// The pieces of `byteCount` bytes, after `command` has been told of them.
    ///
    /// @param toHost whether bit buckets are possible: those pieces have address -1
    List<Piece> place(byte[] command, int byteCount, boolean toHost) {
        return random.chance(1, 2) ? prps(command, byteCount) : sgl(command, byteCount, toHost);
    }

    private long pages(int count) {
        long page = (at + PAGE - 1) / PAGE * PAGE;
        at = page + (long) count * PAGE;
        assert at <= end : "the region is too small";
        return page;
    }

    List<Piece> prps(byte[] command, int byteCount) {
        int offset = random.chance(1, 2) ? 0 : 4 * (int) random.below(PAGE / 4);
        int count = Math.ceilDiv(offset + byteCount, PAGE);
        List<Long> addresses = new ArrayList<>();
        long first = pages(count);
        for (int i = 0; i < count; i++) {
            addresses.add(first + (long) i * PAGE);
        }
        if (random.chance(2, 3)) {
            shuffle(addresses);
        }
        List<Piece> pieces = new ArrayList<>();
        int left = byteCount;
        for (int i = 0; i < count; i++) {
            int skip = i == 0 ? offset : 0;
            int part = Math.min(left, PAGE - skip);
            pieces.add(new Piece(addresses.get(i) + skip, part));
            left -= part;
        }
        LittleEndian.put(addresses.getFirst() + offset, command, QueueEntries.DPTR1, 8);
        long second = 0;
        if (count == 2) {
            second = addresses.get(1);
        } else if (count > 2) {
            second = list(addresses.subList(1, count));
        }
        LittleEndian.put(second, command, QueueEntries.DPTR2, 8);
        return pieces;
    }

    /// A PRP list that may begin anywhere in its page, and so go on in another one.
    private long list(List<Long> entries) {
        long page = pages(1);
        int room = random.chance(1, 2) ? PAGE / 8 : 1 + (int) random.below(8);
        long begin = page + PAGE - 8L * room;
        long slot = begin;
        for (int i = 0; i < entries.size(); i++) {
            boolean isLastSlot = slot % PAGE == PAGE - 8;
            if (isLastSlot && i < entries.size() - 1) {
                long following = pages(1);
                LittleEndian.put(following, memory, (int) slot, 8);
                slot = following;
            }
            LittleEndian.put(entries.get(i), memory, (int) slot, 8);
            slot += 8;
        }
        return begin;
    }

    List<Piece> sgl(byte[] command, int byteCount, boolean toHost) {
        List<Piece> pieces = new ArrayList<>();
        int left = byteCount;
        int parts = 1 + (int) random.below(12);
        for (int i = 0; i < parts && left > 0; i++) {
            int part = i == parts - 1 ? left : (int) random.below(left + 1L);
            boolean isBucket = toHost && random.chance(1, 6);
            long room = pages(part / PAGE + 2) + random.below(PAGE);
            pieces.add(new Piece(isBucket ? -1 : room, part));
            left -= part;
        }
        if (left > 0) {
            pieces.add(new Piece(pages(left / PAGE + 2) + random.below(PAGE), left));
        }
        LittleEndian.put(QueueEntries.PSDT.with(LittleEndian.get(command, 0, 4), 1), command, 0, 4);
        List<Piece> said = new ArrayList<>(pieces);
        if (random.chance(1, 4)) {
            // A place for more data than there are, which is allowed: SGLS bit 18.
            said.add(new Piece(pages(1), 100));
        }
        write(command, QueueEntries.DPTR1, said);
        return pieces;
    }

    /// The descriptors of `pieces`: one in the command, or segments that lead to each other.
    private void write(byte[] command, int field, List<Piece> pieces) {
        if (pieces.size() == 1 && random.chance(2, 3)) {
            descriptor(command, field, pieces.getFirst());
            return;
        }
        List<List<Piece>> segments = new ArrayList<>();
        for (int from = 0; from < pieces.size(); ) {
            int count = Math.min(pieces.size() - from, 1 + (int) random.below(5));
            segments.add(pieces.subList(from, from + count));
            from += count;
        }
        byte[] into = command;
        int place = field;
        for (int i = 0; i < segments.size(); i++) {
            boolean isLast = i == segments.size() - 1;
            int descriptors = segments.get(i).size() + (isLast ? 0 : 1);
            long address = pages(1) + 8 * random.below(64);
            lead(into, place, address, descriptors, isLast);
            into = memory;
            place = (int) address;
            for (Piece piece : segments.get(i)) {
                descriptor(memory, place, piece);
                place += SglDescriptor.BYTES;
            }
        }
    }

    private static void lead(byte[] into, int place, long address, int descriptors, boolean isLast) {
        int type = isLast ? SglDescriptor.TYPE_LAST_SEGMENT : SglDescriptor.TYPE_SEGMENT;
        LittleEndian.put(address, into, place, 8);
        LittleEndian.put(
                SglDescriptor.LENGTH.to((long) descriptors * SglDescriptor.BYTES) | SglDescriptor.TYPE.to(type),
                into,
                place + 8,
                8);
    }

    private static void descriptor(byte[] into, int place, Piece piece) {
        boolean isBucket = piece.address() == -1;
        int type = isBucket ? SglDescriptor.TYPE_BIT_BUCKET : SglDescriptor.TYPE_DATA_BLOCK;
        LittleEndian.put(isBucket ? 0 : piece.address(), into, place, 8);
        LittleEndian.put(SglDescriptor.LENGTH.to(piece.byteCount()) | SglDescriptor.TYPE.to(type), into, place + 8, 8);
    }

    private void shuffle(List<Long> list) {
        for (int i = list.size() - 1; i > 0; i--) {
            Collections.swap(list, i, (int) random.below(i + 1L));
        }
    }
}
