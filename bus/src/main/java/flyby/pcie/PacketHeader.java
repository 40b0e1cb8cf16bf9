package flyby.pcie;

/// The header of a [Packet] as it stands on a link, four doublewords with the first byte highest: what an error log
/// keeps, section 7.8.4.8.
public final class PacketHeader {
    /// Doublewords, of which the last is 0 for a header of three.
    public static final int DOUBLEWORDS = 4;

    private PacketHeader() {}

    /// Doubleword `index` (0 to 3) of the header of `packet`.
    public static long doubleword(Packet packet, int index) {
        return switch (index) {
            case 0 -> first(packet);
            case 1 -> packet.kind() == Packet.Kind.COMPLETION ? completer(packet) : requester(packet);
            case 2 -> third(packet);
            default -> packet.kind() != Packet.Kind.MESSAGE && isLong(packet) ? packet.address() & 0xffff_fffcL : 0;
        };
    }

    /// Fmt, Type and what all packets have: section 2.2.1.
    private static long first(Packet packet) {
        int payload = packet.payloadDoublewords();
        int format = (isLong(packet) ? HeaderFields.FORMAT_4DW : 0) | (payload > 0 ? HeaderFields.FORMAT_DATA : 0);
        int type = switch (packet.kind()) {
            case MEMORY_READ, MEMORY_WRITE -> HeaderFields.TYPE_MEMORY;
            case IO_READ, IO_WRITE -> 0b00010;
            case CONFIGURATION_READ, CONFIGURATION_WRITE -> packet.isTypeOne() ? 0b00101 : 0b00100;
            case MESSAGE -> isRoutedById(packet) ? 0b10010 : 0b10000;
            case COMPLETION -> HeaderFields.TYPE_COMPLETION;
        };
        int asked = packet.kind() == Packet.Kind.MESSAGE || packet.kind() == Packet.Kind.COMPLETION
                ? payload
                : PacketSizes.doublewords(packet.address(), Math.max(1, packet.byteCount()));
        int flags = HeaderFields.flag(HeaderFields.isSet(packet.tag(), 9), 23)
                | HeaderFields.flag(HeaderFields.isSet(packet.tag(), 8), 19)
                | HeaderFields.flag(packet.idOrdering(), 18)
                | HeaderFields.flag(packet.hasDigest(), 15)
                | HeaderFields.flag(packet.isPoisoned(), 14)
                | HeaderFields.flag(packet.relaxedOrdering(), 13)
                | HeaderFields.flag(packet.noSnoop(), 12);
        int addressType = switch (packet.addressType()) {
            case UNTRANSLATED -> 0;
            case TRANSLATION_REQUEST -> 1;
            case TRANSLATED -> 2;
        };
        return ((long) format << 29) | ((long) type << 24) | flags | (addressType << 10) | (asked & 0x3ff);
    }

    /// Requester ID, tag and byte enables: section 2.2.6.2; of a message its code, section 2.2.8.
    private static long requester(Packet packet) {
        int low;
        if (packet.kind() == Packet.Kind.MESSAGE) {
            low = (int) packet.address() & 0xff;
        } else if (packet.byteCount() == 0) {
            low = 0;
        } else {
            long end = packet.address() + packet.byteCount();
            int first = (0b1111 << (packet.address() & 3)) & 0b1111;
            int last = 0b1111 >> (-end & 3);
            boolean isOne = PacketSizes.doublewords(packet.address(), packet.byteCount()) == 1;
            low = isOne ? first & last : (last << 4) | first;
        }
        return ((long) packet.requesterId() << 16) | ((packet.tag() & 0xff) << 8) | low;
    }

    /// Completer ID, status and Byte Count: section 2.2.9.
    private static long completer(Packet packet) {
        return ((long) packet.targetId() << 16) | (packet.status().code() << 13) | (packet.remainingBytes() & 0xfff);
    }

    private static long third(Packet packet) {
        return switch (packet.kind()) {
            case MEMORY_READ, MEMORY_WRITE, IO_READ, IO_WRITE ->
                isLong(packet) ? packet.address() >>> 32 : packet.address() & 0xffff_fffcL;
            case CONFIGURATION_READ, CONFIGURATION_WRITE ->
                ((long) packet.targetId() << 16) | (packet.address() & 0xffc);
            case MESSAGE -> isRoutedById(packet) ? (long) packet.targetId() << 16 : 0;
            case COMPLETION ->
                ((long) packet.requesterId() << 16) | ((packet.tag() & 0xff) << 8) | (packet.address() & 0x7f);
        };
    }

    private static boolean isLong(Packet packet) {
        return switch (packet.kind()) {
            case MEMORY_READ, MEMORY_WRITE -> packet.address() >>> 32 != 0;
            case MESSAGE -> true;
            case IO_READ, IO_WRITE, CONFIGURATION_READ, CONFIGURATION_WRITE, COMPLETION -> false;
        };
    }

    private static boolean isRoutedById(Packet packet) {
        return packet.address() == MessageCodes.INVALIDATE_REQUEST
                || packet.address() == MessageCodes.INVALIDATE_COMPLETION;
    }
}
