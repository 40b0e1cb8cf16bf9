package flyby.iommu;

import org.jspecify.annotations.Nullable;

/// A message signalled interrupt on its way to a CPU: what was written, and what it comes to. Made once by whoever
/// asks, and used again and again.
public final class InterruptRequest {
    /// Who waits for an answer that took time.
    @FunctionalInterface
    public interface Owner {
        void remapped(InterruptRequest request);
    }

    /// The next one in the list of the remapping unit that it waits in.
    @Nullable
    InterruptRequest next;

    private final Owner owner;
    private int requesterId;
    private long address;
    private int data;
    private boolean allowed;
    private int destination;
    private int vector;

    public InterruptRequest(Owner owner) {
        this.owner = owner;
    }

    /// Fills in the question: `requesterId` writes `data` to `address`, which lies in 0xfee0_0000 to 0xfeef_ffff.
    public void ask(int requesterId, long address, int data) {
        this.requesterId = requesterId;
        this.address = address;
        this.data = data;
        allowed = false;
    }

    /// For remapping units: the interrupt goes to the CPU with APIC identifier `destination`, as `vector`.
    public void allow(int destination, int vector) {
        this.destination = destination;
        this.vector = vector;
        allowed = true;
    }

    /// For remapping units: the interrupt is blocked; the fault has been recorded.
    public void refuse() {
        allowed = false;
    }

    /// For remapping units: tells the owner, if `remap` has said that it is not done yet.
    public void done() {
        owner.remapped(this);
    }

    public int requesterId() {
        return requesterId;
    }

    public long address() {
        return address;
    }

    public int data() {
        return data;
    }

    /// Whether it reaches a CPU.
    public boolean isAllowed() {
        return allowed;
    }

    /// The APIC identifier of the CPU that it reaches, if it is allowed.
    public int destination() {
        return destination;
    }

    /// Its vector there, 0 to 255, if it is allowed.
    public int vector() {
        return vector;
    }
}
