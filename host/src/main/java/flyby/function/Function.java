package flyby.function;

import flyby.base.Check;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Status;
import flyby.configuration.ConfigurationSpace;
import flyby.configuration.ErrorReporting;
import flyby.configuration.layout.HeaderRegisters;
import flyby.link.TransmitQueue;
import flyby.pcie.Packet;
import flyby.pcie.PacketPool;
import flyby.register.BitField;
import flyby.sim.Alarm;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One function of an endpoint: the host of one device model.
///
/// Writes leave in the order of their submission and are over when they have left, as nobody answers them. Reads go
/// behind all writes that were submitted before them, and complete in any order. An interrupt message goes behind
/// all writes that were submitted before it; INTx is a wire and goes behind nothing.
public final class Function implements DeviceHost {
    private final Simulation simulation;
    private final PacketPool pool;
    private final TransmitQueue transmit;
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
        this.pool = pool;
        this.transmit = transmit;
        registers = new FunctionRegisters(description, parameters);
        requester = new Requester(simulation, pool, transmit, this, registers, description);
        interrupts = new Interrupts(registers, wires, requester, description);
        completer = new Completer(simulation, pool, transmit, this, registers, description, parameters.registerPicos());
        registers.space().whenWritten((_, _) -> functionLevelReset());
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

    /// Software writes a register, by an access that takes no time: for what is set up before a run begins.
    public void writeRegister(int region, long offset, int byteCount, long value) {
        completer.writeRegister(region, offset, byteCount, value);
    }

    /// Whether its interrupts are messages, MSI or MSI-X, as software has it now; else they are a wire's levels.
    public boolean sendsMessages() {
        return interrupts.sendsMessages();
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
    public boolean isMaster() {
        return registers.isBusMaster();
    }

    @Override
    public Trace trace() {
        return simulation.trace();
    }

    /// What the device does from now on is done for `transfer` (0: none).
    void setCurrentTransfer(long transfer) {
        currentTransfer = transfer;
    }

    Completer completer() {
        return completer;
    }

    Interrupts interrupts() {
        return interrupts;
    }

    FunctionRegisters registers() {
        return registers;
    }

    /// What it has done.
    public FunctionStatistics statistics() {
        return requester.statistics();
    }

    /// Adds a sentence on each thing that it waits for.
    void describeWaiting(List<String> sentences) {
        requester.describeWaiting(sentences);
    }

    /// Its name and its ID as people write it: bus, device, function.
    String address() {
        return "%s %02x:%02x.%x".formatted(name, id() >> 8, (id() >> 3) & 0x1f, id() & 7);
    }

    /// A configuration request of type 0 for this function.
    void configure(Packet packet) {
        if (packet.kind() == Packet.Kind.CONFIGURATION_WRITE) {
            captured = packet.targetId() & ~numberMask;
        }
        registers.transactionsPending(requester.isPending());
        completer.configure(packet);
    }

    /// A completion for this function.
    void completed(Packet packet) {
        requester.completed(packet);
    }

    /// A message for this function: of those that are routed by ID, it knows invalidate requests.
    void message(Packet packet) {
        requester.invalidate(packet);
    }

    /// Section 6.6.2: the function is as after power-on, whatever it had under way. Transactions end as aborted, of
    /// which a device that has been reset takes no notice; completions that still come are dropped.
    private void functionLevelReset() {
        if (registers.takeResetRequest()) {
            reset(Status.ABORTED, Status.ABORTED);
        }
    }

    /// The link is down, for example as the card has been pulled: section 2.9.1. It is a reset, after which no
    /// software reaches the function, and no completion either.
    void linkDown() {
        captured = 0;
        completer.linkDown();
        reset(Status.TIMEOUT, Status.ADDRESS_ERROR);
        requester.freeTags();
    }

    private void reset(Status sentStatus, Status waitingStatus) {
        registers.reset();
        interrupts.reset();
        if (device != null) {
            device.reset();
        }
        requester.reset(sentStatus, waitingStatus);
    }

    /// Sets an error bit of the Status register: section 7.5.1.1.4.
    void set(BitField statusBit) {
        configuration().setBits(HeaderRegisters.STATUS, 2, statusBit.mask());
    }

    /// An uncorrectable error has been detected: section 6.2.5.
    ///
    /// @param packet with which it came, if with one
    void report(BitField error, @Nullable Packet packet) {
        tell(registers.errors().uncorrectable(error, packet));
    }

    /// An error of which the other side hears anyway has been detected: section 6.2.3.2.4.
    void reportAdvisory(BitField error, Packet packet) {
        tell(registers.errors().advisory(error, packet));
    }

    private void tell(int code) {
        if (code != ErrorReporting.NO_MESSAGE) {
            transmit.send(pool.take().message(code, id(), 0, 0));
        }
    }
}
