package flyby.root;

import flyby.base.Check;
import flyby.bus.AddressType;
import flyby.bus.InterruptSink;
import flyby.configuration.ConfigurationSpace;
import flyby.configuration.layout.AcsRegisters;
import flyby.configuration.layout.ErrorRegisters;
import flyby.link.LinkEnd;
import flyby.pcie.CompletionStatus;
import flyby.pcie.MessageCodes;
import flyby.pcie.Packet;
import flyby.pcie.PacketPool;
import flyby.pcie.Segmentation;
import flyby.register.BitField;
import flyby.sim.Simulation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A switch: one upstream port and any number of downstream ports, each a bridge to the bus inside the switch.
///
/// Store and forward: a packet that has arrived is routed after a fixed time, and stands in the receive buffer of
/// the port that it came in by until the port that it leaves by has sent it. A blocked flow therefore holds back
/// only its own credits.
public final class Switch {
    /// The bus inside has room for 32 devices: section 7.3.1.
    public static final int DOWNSTREAM_MAX = 32;

    private final Simulation simulation;
    private final PacketPool pool;
    private final String name;
    private final long latencyPicos;
    private final Segmentation limits;
    private final SwitchPort upstream;
    private final List<SwitchPort> downstream = new ArrayList<>();
    private final IntxWires wires;

    /// @param latencyPicos from the arrival of a packet until it waits for its next link
    /// @param limits its Max_Payload_Size is the largest that the switch can do
    /// @param upstreamEnd the lower end of the link towards the root complex
    /// @param wires who hears INTA to INTD, 0 to 3, of all that is below
    public Switch(
            Simulation simulation,
            PacketPool pool,
            String name,
            long latencyPicos,
            Segmentation limits,
            LinkEnd upstreamEnd,
            InterruptSink wires) {
        Check.that(latencyPicos >= 0, "a switch that takes %d ps", latencyPicos);
        this.simulation = simulation;
        this.pool = pool;
        this.name = name;
        this.latencyPicos = latencyPicos;
        this.limits = limits;
        this.wires = new IntxWires(wires);
        upstream = new SwitchPort(this, name + " upstream port", Bridge.Kind.UPSTREAM, 0, upstreamEnd);
    }

    /// Another downstream port, device 0, 1, ... of the bus inside. For set-up only.
    ///
    /// @param end the upper end of its link
    public void downstream(LinkEnd end) {
        int device = downstream.size();
        Check.that(device < DOWNSTREAM_MAX, "%s has more than %d downstream ports", name, DOWNSTREAM_MAX);
        SwitchPort port = new SwitchPort(this, name + " port " + device, Bridge.Kind.DOWNSTREAM, device + 1, end);
        for (SwitchPort each : downstream) {
            each.connect(port);
            port.connect(each);
        }
        upstream.connect(port);
        port.connect(upstream);
        downstream.add(port);
    }

    /// Configuration space of downstream port `device`, 0, 1, ...
    public ConfigurationSpace space(int device) {
        return downstream.get(device).bridge().space();
    }

    /// Where what is below downstream port `device` asserts INTA to INTD, 0 to 3: section 2.2.8.1.
    public InterruptSink wires(int device) {
        return wires.input(device);
    }

    Simulation simulation() {
        return simulation;
    }

    PacketPool pool() {
        return pool;
    }

    long latencyPicos() {
        return latencyPicos;
    }

    Segmentation limits() {
        return limits;
    }

    SwitchPort upstream() {
        return upstream;
    }

    List<SwitchPort> downstream() {
        return downstream;
    }

    /// Sends `packet`, which came in by `ingress`, on its way.
    void route(SwitchPort ingress, Packet packet) {
        switch (packet.kind()) {
            case CONFIGURATION_READ, CONFIGURATION_WRITE -> routeConfiguration(ingress, packet);
            case MEMORY_READ, MEMORY_WRITE, IO_READ, IO_WRITE -> routeByAddress(ingress, packet);
            case COMPLETION -> routeCompletion(ingress, packet);
            case MESSAGE -> routeMessage(ingress, packet);
        }
    }

    /// Section 7.3.3.
    private void routeConfiguration(SwitchPort ingress, Packet packet) {
        int target = packet.targetId();
        if (ingress != upstream) {
            // Only the root complex configures.
            ingress.refuse(packet);
        } else if (!packet.isTypeOne()) {
            upstream.captureBus(target >>> 8);
            configure(upstream, target, packet);
        } else if (target >>> 8 == upstream.bridge().secondaryBus()) {
            int device = (target >>> 3) & 0x1f;
            configure(device < downstream.size() ? downstream.get(device) : null, target, packet);
        } else {
            SwitchPort egress = portOfBus(target >>> 8);
            if (egress == null) {
                ingress.refuse(packet);
            } else {
                boolean below = target >>> 8 == egress.bridge().secondaryBus();
                packet.typeOne(!below);
                if (below && !egress.bridge().isDevice(target)) {
                    ingress.refuse(packet);
                } else {
                    ingress.forward(egress, packet);
                }
            }
        }
    }

    private void configure(@Nullable SwitchPort port, int target, Packet packet) {
        if (port == null || (target & 7) != 0) {
            upstream.refuse(packet);
        } else {
            upstream.configure(port.bridge(), packet);
        }
    }

    private void routeByAddress(SwitchPort ingress, Packet packet) {
        SwitchPort below = portOf(packet);
        if (ingress == upstream) {
            if (below == null) {
                ingress.refuse(packet);
            } else {
                ingress.forward(below, packet);
            }
            return;
        }
        BitField violation = violation(ingress, packet);
        if (violation != null) {
            ingress.block(packet, violation, CompletionStatus.COMPLETER_ABORT);
        } else if (!ingress.bridge().isBusMaster()) {
            ingress.refuse(packet);
        } else if (below == null && !holds(upstream, packet)) {
            up(ingress, packet);
        } else if (below == null) {
            ingress.refuse(packet);
        } else if (below == ingress) {
            upOnly(ingress, AcsRegisters.UPSTREAM_FORWARDING, packet);
        } else if (ingress.bridge().redirects(packet)) {
            up(ingress, packet);
        } else {
            ingress.forward(below, packet);
        }
    }

    private void up(SwitchPort ingress, Packet packet) {
        if (upstream.bridge().isBusMaster()) {
            ingress.forward(upstream, packet);
        } else {
            ingress.refuse(packet);
        }
    }

    /// What would go back to where it came from goes up, if `service` says so.
    private void upOnly(SwitchPort ingress, BitField service, Packet packet) {
        if (ingress.bridge().isOn(service)) {
            up(ingress, packet);
        } else {
            ingress.refuse(packet);
        }
    }

    /// Section 6.12.1.1: what a downstream port lets nobody below it do.
    private static @Nullable BitField violation(SwitchPort ingress, Packet packet) {
        Bridge bridge = ingress.bridge();
        boolean wrongSource =
                bridge.isOn(AcsRegisters.SOURCE_VALIDATION) && !bridge.holdsBus(packet.requesterId() >>> 8);
        boolean translated =
                bridge.isOn(AcsRegisters.TRANSLATION_BLOCKING) && packet.addressType() != AddressType.UNTRANSLATED;
        return wrongSource || translated ? ErrorRegisters.ACS_VIOLATION : null;
    }

    private void routeCompletion(SwitchPort ingress, Packet packet) {
        SwitchPort below = portOfBus(packet.requesterId() >>> 8);
        if (below == null && ingress == upstream) {
            ingress.block(packet, ErrorRegisters.UNEXPECTED_COMPLETION, CompletionStatus.UNSUPPORTED_REQUEST);
        } else if (below == null) {
            ingress.forward(upstream, packet);
        } else if (below == ingress || (ingress != upstream && ingress.bridge().redirects(packet))) {
            ingress.forward(upstream, packet);
        } else {
            ingress.forward(below, packet);
        }
    }

    private void routeMessage(SwitchPort ingress, Packet packet) {
        int code = (int) packet.address();
        SwitchPort below = isRoutedById(code) ? portOfBus(packet.targetId() >>> 8) : null;
        if (below != null && below != ingress) {
            ingress.forward(below, packet);
        } else if (ingress == upstream || (RootErrors.isMessage(code) && !passesErrors(ingress))) {
            ingress.consume(packet);
        } else {
            ingress.forward(upstream, packet);
        }
    }

    private static boolean isRoutedById(int code) {
        return code == MessageCodes.INVALIDATE_REQUEST || code == MessageCodes.INVALIDATE_COMPLETION;
    }

    private boolean passesErrors(SwitchPort ingress) {
        return ingress.bridge().passesErrors() && upstream.bridge().passesErrors();
    }

    private @Nullable SwitchPort portOf(Packet packet) {
        for (int i = 0; i < downstream.size(); i++) {
            if (holds(downstream.get(i), packet)) {
                return downstream.get(i);
            }
        }
        return null;
    }

    private static boolean holds(SwitchPort port, Packet packet) {
        boolean isIo = packet.kind() == Packet.Kind.IO_READ || packet.kind() == Packet.Kind.IO_WRITE;
        return isIo ? port.bridge().holdsIo(packet.address()) : port.bridge().holdsMemory(packet.address());
    }

    private @Nullable SwitchPort portOfBus(int bus) {
        for (int i = 0; i < downstream.size(); i++) {
            if (downstream.get(i).bridge().holdsBus(bus)) {
                return downstream.get(i);
            }
        }
        return null;
    }

    /// The bus inside is held in reset, and with it everything below; or it is not any more.
    void resetBelow(boolean held) {
        for (SwitchPort port : downstream) {
            if (held) {
                port.bridge().reset();
            }
            port.holdReset(held);
        }
    }

    /// Who waits here, and for what: one sentence each.
    public List<String> waiting() {
        List<String> sentences = new ArrayList<>();
        upstream.describe(sentences);
        downstream.forEach(port -> port.describe(sentences));
        return sentences;
    }
}
