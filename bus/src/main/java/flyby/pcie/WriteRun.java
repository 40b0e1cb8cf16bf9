package flyby.pcie;

import flyby.base.Check;
import flyby.bus.AddressType;

/// A write of any length on its way to becoming packets: memory writes one behind the other, each as large as
/// [Segmentation] allows.
///
/// Made once by its owner and used again and again. Between being sent and [Owner#sent] it belongs to the link, and
/// the owner does not touch its bytes.
public final class WriteRun {
    /// Who is told that all has left.
    @FunctionalInterface
    public interface Owner {
        /// The last symbol of the last packet is on the link. The run and its bytes are free again.
        void sent(WriteRun run);
    }

    private final Owner owner;
    private byte[] data = new byte[0];
    private int offset;
    private int requesterId;
    private long address;
    private long left;
    private Segmentation segmentation = new Segmentation(128, 128, 64);
    private boolean relaxedOrdering;
    private boolean noSnoop;
    private boolean idOrdering;
    private AddressType addressType = AddressType.UNTRANSLATED;
    private boolean poisoned;
    private long transfer;

    public WriteRun(Owner owner) {
        this.owner = owner;
    }

    /// Makes it the write of `byteCount` bytes (1 or more) of `data`, from index `offset` on, to `address`.
    public void begin(
            byte[] data,
            int offset,
            int byteCount,
            int requesterId,
            long address,
            Segmentation segmentation,
            long transfer) {
        if (left != 0) {
            throw Check.bug("a run with %d bytes to send begins anew", left);
        }
        assert byteCount >= 1 && byteCount <= data.length - offset : byteCount;
        this.data = data;
        this.offset = offset;
        this.left = byteCount;
        this.requesterId = requesterId;
        this.address = address;
        this.segmentation = segmentation;
        this.transfer = transfer;
        relaxedOrdering = false;
        noSnoop = false;
        idOrdering = false;
        addressType = AddressType.UNTRANSLATED;
        poisoned = false;
    }

    /// Attr and AT of all its packets.
    public void attributes(boolean relaxedOrdering, boolean noSnoop, boolean idOrdering, AddressType addressType) {
        this.relaxedOrdering = relaxedOrdering;
        this.noSnoop = noSnoop;
        this.idOrdering = idOrdering;
        this.addressType = addressType;
    }

    /// EP of all its packets.
    public void poison() {
        poisoned = true;
    }

    /// How many bytes the next packet carries; 0 if there is none.
    public int nextBytes() {
        return left == 0 ? 0 : segmentation.writeBytes(address, left);
    }

    /// In how many doublewords the payload of the next packet lies.
    public int nextDoublewords() {
        return PacketSizes.doublewords(address, nextBytes());
    }

    /// How many bytes any of its packets carries at most.
    public int largestBytes() {
        return segmentation.maxPayloadBytes();
    }

    /// For the link, which takes the bytes itself: moves on behind the next packet, which carries `count` of them.
    public void skip(int count) {
        assert count == nextBytes() : count;
        advance(count);
    }

    /// Makes `packet` the next packet and moves on behind it.
    public void fill(Packet packet) {
        int count = nextBytes();
        packet.request(Packet.Kind.MEMORY_WRITE, requesterId, 0, address, count);
        System.arraycopy(data, offset, packet.data(), 0, count);
        packet.attributes(relaxedOrdering, noSnoop, idOrdering);
        packet.addressType(addressType);
        packet.transfer(transfer);
        if (poisoned) {
            packet.poison();
        }
        advance(count);
    }

    private void advance(int count) {
        offset += count;
        address += count;
        left -= count;
    }

    /// For the link: all of it has left.
    public void complete() {
        if (left != 0) {
            throw Check.bug("a run ends with %d bytes to send", left);
        }
        owner.sent(this);
    }

    /// For the link, when it goes down: what is left is lost.
    public void abandon() {
        left = 0;
        owner.sent(this);
    }

    /// Who writes.
    public int requesterId() {
        return requesterId;
    }

    /// The bytes, of which the next packet carries those from [#offset] on.
    public byte[] data() {
        return data;
    }

    /// See [#data].
    public int offset() {
        return offset;
    }

    /// Attr bit 1 of all its packets.
    public boolean relaxedOrdering() {
        return relaxedOrdering;
    }

    /// Attr bit 0.
    public boolean noSnoop() {
        return noSnoop;
    }

    public AddressType addressType() {
        return addressType;
    }

    /// EP of all its packets.
    public boolean isPoisoned() {
        return poisoned;
    }

    /// Where the next packet writes.
    public long address() {
        return address;
    }

    /// How many bytes are still to be sent.
    public long leftBytes() {
        return left;
    }
}
