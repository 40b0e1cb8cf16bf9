package flyby.function;

import flyby.base.Check;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.configuration.ConfigurationSpace;
import flyby.configuration.layout.HeaderRegisters;
import flyby.link.TransmitQueue;
import flyby.pcie.Packet;
import flyby.pcie.PacketPool;
import flyby.sim.Alarm;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import org.jspecify.annotations.Nullable;

/// One function of an endpoint: the host of one device model.
///
/// Writes leave in the order of their submission and are over when they have left, as nobody answers them. Reads go
/// behind all writes that were submitted before them, and complete in any order. An interrupt message goes behind
/// all writes that were submitted before it; INTx is a wire and goes behind nothing.
public final class Function implements DeviceHost {
    private final Simulation simulation;
    private final String name;
    private final int number;
    private final int numberMask;
    private final FunctionRegisters registers;
    private final Requester requester;
    private final Completer completer;
    private final Interrupts interrupts;
    private @Nullable Device device;
    /// Bus and device number, as the last configuration write said: section 2.2.6.2.
    private int captured;

    private long currentTransfer;

    Function(
            Simulation simulation,
            PacketPool pool,
            TransmitQueue transmit,
            String name,
            int number,
            FunctionDescription description,
            EndpointParameters parameters,
            IntxWires wires) {
        this.simulation = simulation;
        this.name = name;
        this.number = number;
        this.numberMask = parameters.numberMask();
        registers = new FunctionRegisters(description, parameters.maxPayloadBytes());
        requester = new Requester(simulation, pool, transmit, this, registers, description.requester(), name);
        completer = new Completer(simulation, pool, transmit, this, registers, description, parameters.registerPicos());
        interrupts = new Interrupts(registers, wires, description);
    }

    /// Sets who is behind the registers. Once, at set-up.
    public void attach(Device newDevice) {
        Check.that(device == null, "function %s has a device", name);
        device = newDevice;
    }

    Device device() {
        Device mine = device;
        if (mine == null) {
            throw Check.bug("function %s has no device", name);
        }
        return mine;
    }

    public String name() {
        return name;
    }

    /// Its number in the endpoint.
    public int number() {
        return number;
    }

    /// Bus, device and function number, as software has given them: 16 bits.
    public int id() {
        return captured | number;
    }

    /// Its configuration space, as it stands; software reaches it by packets.
    public ConfigurationSpace configuration() {
        return registers.space();
    }

    @Override
    public long nowPicos() {
        return simulation.nowPicos();
    }

    @Override
    public Alarm alarm(String alarmName, Runnable action) {
        return simulation.event(alarmName, action);
    }

    @Override
    public void submit(Transaction transaction) {
        requester.submit(transaction);
    }

    @Override
    public void interrupt(int vector, boolean asserted) {
        interrupts.drive(vector, asserted);
    }

    @Override
    public long currentTransfer() {
        return currentTransfer;
    }

    @Override
    public Trace trace() {
        return simulation.trace();
    }

    /// What the device does from now on is done for `transfer` (0: none).
    void setCurrentTransfer(long transfer) {
        currentTransfer = transfer;
    }

    /// Tells software whether there are others: section 7.5.1.1.9.
    void multiFunction(boolean hasOthers) {
        configuration()
                .define(HeaderRegisters.HEADER_TYPE, 1, HeaderRegisters.HEADER_MULTI_FUNCTION.to(hasOthers ? 1 : 0));
    }

    Completer completer() {
        return completer;
    }

    /// A configuration request of type 0 for this function.
    void configure(Packet packet) {
        if (packet.kind() == Packet.Kind.CONFIGURATION_WRITE) {
            captured = packet.targetId() & ~numberMask;
        }
        completer.configure(packet);
    }

    /// A completion for this function.
    void completed(Packet packet) {
        requester.completed(packet);
    }
}
