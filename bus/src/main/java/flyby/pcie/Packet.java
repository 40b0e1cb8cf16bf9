package flyby.pcie;

import flyby.base.Check;
import flyby.bus.AddressType;
import org.jspecify.annotations.Nullable;

/// A TLP on its way through the simulated machine: what a [Tlp] says, in a form that flows by the million.
///
/// Taken from a [PacketPool] by whoever makes it, handed from component to component, and given back by whoever
/// consumes it with [#recycle]. Whoever holds it may chain it into a list of its own with [#next].
public final class Packet {
    /// What it asks for: Fmt and Type, section 2.2.1.
    public enum Kind {
        MEMORY_READ(FlowClass.NON_POSTED, false),
        MEMORY_WRITE(FlowClass.POSTED, true),
        IO_READ(FlowClass.NON_POSTED, false),
        IO_WRITE(FlowClass.NON_POSTED, true),
        CONFIGURATION_READ(FlowClass.NON_POSTED, false),
        CONFIGURATION_WRITE(FlowClass.NON_POSTED, true),
        /// Msg and MsgD: section 2.2.8.
        MESSAGE(FlowClass.POSTED, true),
        /// Cpl and CplD.
        COMPLETION(FlowClass.COMPLETION, true);

        private final FlowClass flow;
        private final boolean carriesData;

        Kind(FlowClass flow, boolean carriesData) {
            this.flow = flow;
            this.carriesData = carriesData;
        }

        public FlowClass flow() {
            return flow;
        }
    }

    /// The next one in the list of whoever holds this packet.
    public @Nullable Packet next;

    private final PacketPool pool;
    private final byte[] data;
    private Kind kind = Kind.MESSAGE;
    private int requesterId;
    private int tag;
    private long address;
    private int byteCount;
    private int targetId;
    private boolean typeOne;
    private CompletionStatus status = CompletionStatus.SUCCESSFUL;
    private int remainingBytes;
    private boolean relaxedOrdering;
    private boolean noSnoop;
    private boolean idOrdering;
    private AddressType addressType = AddressType.UNTRANSLATED;
    private boolean poisoned;
    private boolean hasDigest;
    private long transfer;

    Packet(PacketPool pool, int payloadBytesMax) {
        this.pool = pool;
        this.data = new byte[payloadBytesMax];
    }

    /// Makes it a request for memory, or for I/O space.
    ///
    /// @param address of the first byte
    /// @param byteCount of a read, how many are asked for; of a write, how many are in [#data]
    public Packet request(Kind kind, int requesterId, int tag, long address, int byteCount) {
        if (kind == Kind.COMPLETION) {
            throw Check.bug("a completion is no request");
        }
        begin(kind, requesterId, tag, address, byteCount);
        return this;
    }

    /// Makes it a configuration request for the function `targetId`.
    ///
    /// @param register the byte address in its configuration space, 0 to 4,095
    /// @param byteCount 1, 2 or 4
    public Packet configuration(Kind kind, int requesterId, int tag, int targetId, int register, int byteCount) {
        request(kind, requesterId, tag, register, byteCount);
        this.targetId = targetId;
        return this;
    }

    /// Makes it a message with `code`, section 2.2.8, and `byteCount` bytes of [#data].
    ///
    /// @param targetId for those that are routed by ID
    public Packet message(int code, int requesterId, int targetId, int byteCount) {
        begin(Kind.MESSAGE, requesterId, 0, code, byteCount);
        this.targetId = targetId;
        return this;
    }

    /// Makes it a completion with `byteCount` bytes of [#data], 0 for one without data.
    ///
    /// @param completerId who answers
    /// @param requesterId who is answered
    /// @param tag of the request
    /// @param address of the first byte here, of which the link carries the lowest seven bits
    /// @param remainingBytes Byte Count: what is still to come of the request, with this packet
    public Packet completion(
            CompletionStatus status,
            int completerId,
            int requesterId,
            int tag,
            long address,
            int byteCount,
            int remainingBytes) {
        begin(Kind.COMPLETION, requesterId, tag, address, byteCount);
        this.status = status;
        this.targetId = completerId;
        this.remainingBytes = remainingBytes;
        return this;
    }

    private void begin(Kind newKind, int newRequesterId, int newTag, long newAddress, int newByteCount) {
        assert newByteCount >= 0 && (!newKind.carriesData || newByteCount <= data.length) : newByteCount;
        kind = newKind;
        requesterId = newRequesterId;
        tag = newTag;
        address = newAddress;
        byteCount = newByteCount;
        targetId = 0;
        typeOne = false;
        status = CompletionStatus.SUCCESSFUL;
        remainingBytes = 0;
        relaxedOrdering = false;
        noSnoop = false;
        idOrdering = false;
        addressType = AddressType.UNTRANSLATED;
        poisoned = false;
        hasDigest = false;
        transfer = 0;
    }

    /// Attr: section 2.2.6.3. For completions, those of the request.
    public void attributes(boolean relaxedOrdering, boolean noSnoop, boolean idOrdering) {
        this.relaxedOrdering = relaxedOrdering;
        this.noSnoop = noSnoop;
        this.idOrdering = idOrdering;
    }

    /// Gives it back to its pool; nobody may hold it any more.
    public void recycle() {
        pool.give(this);
    }

    public Kind kind() {
        return kind;
    }

    public FlowClass flow() {
        return kind.flow;
    }

    /// Bus, device and function of whoever asked: 16 bits.
    public int requesterId() {
        return requesterId;
    }

    public int tag() {
        return tag;
    }

    /// Of an invalidation message, its ITag: sections 10.3.1 and 10.3.2.
    public void tag(int newTag) {
        tag = newTag;
    }

    /// The address of the first byte; of a configuration request the register, of a message its code.
    public long address() {
        return address;
    }

    public void address(long newAddress) {
        address = newAddress;
    }

    /// The bytes asked for by a read, or those in [#data].
    public int byteCount() {
        return byteCount;
    }

    /// How many bytes it carries.
    public int payloadBytes() {
        return kind.carriesData ? byteCount : 0;
    }

    /// The payload, from index 0 on.
    public byte[] data() {
        return data;
    }

    /// Of a configuration request or a message, who is meant; of a completion, who answers.
    public int targetId() {
        return targetId;
    }

    /// Of a configuration request, whether a bridge is to pass it on (Type 1), and not to answer it (Type 0):
    /// section 7.3.3.
    public boolean isTypeOne() {
        return typeOne;
    }

    public void typeOne(boolean passedOn) {
        typeOne = passedOn;
    }

    public CompletionStatus status() {
        return status;
    }

    /// Byte Count of a completion.
    public int remainingBytes() {
        return remainingBytes;
    }

    /// Attr bit 1.
    public boolean relaxedOrdering() {
        return relaxedOrdering;
    }

    /// Attr bit 0.
    public boolean noSnoop() {
        return noSnoop;
    }

    /// Attr bit 2.
    public boolean idOrdering() {
        return idOrdering;
    }

    public AddressType addressType() {
        return addressType;
    }

    public void addressType(AddressType type) {
        addressType = type;
    }

    /// EP: the payload is known to be bad, section 2.7.2.
    public boolean isPoisoned() {
        return poisoned;
    }

    public void poison() {
        poisoned = true;
    }

    /// TD: an ECRC ends it, section 2.7.1.
    public boolean hasDigest() {
        return hasDigest;
    }

    public void digest(boolean present) {
        hasDigest = present;
    }

    /// The transfer that it is part of, or 0.
    public long transfer() {
        return transfer;
    }

    public void transfer(long id) {
        transfer = id;
    }

    /// What it weighs on a link of this generation, in bytes, with what the link layer adds.
    public int linkBytes(Generation generation) {
        return PacketSizes.linkOverheadBytes(generation) + tlpBytes();
    }

    /// Header, payload and digest, in bytes: section 2.2.1.
    public int tlpBytes() {
        int header = switch (kind) {
            case MEMORY_READ, MEMORY_WRITE -> PacketSizes.requestHeaderBytes(address);
            case MESSAGE -> PacketSizes.HEADER_4DW_BYTES;
            case IO_READ, IO_WRITE, CONFIGURATION_READ, CONFIGURATION_WRITE, COMPLETION -> PacketSizes.HEADER_3DW_BYTES;
        };
        int payload = payloadDoublewords() * PacketSizes.DOUBLEWORD_BYTES;
        return header + payload + (hasDigest ? PacketSizes.ECRC_BYTES : 0);
    }

    /// The doublewords that its payload lies in. Messages and their kind begin at one.
    public int payloadDoublewords() {
        return payloadBytes() == 0 ? 0 : PacketSizes.doublewords(kind == Kind.MESSAGE ? 0 : address, byteCount);
    }

    @Override
    public String toString() {
        return "%s %x tag %d at 0x%x+%d".formatted(kind, requesterId, tag, address, byteCount);
    }
}
