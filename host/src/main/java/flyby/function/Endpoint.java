package flyby.function;

import flyby.base.Check;
import flyby.bus.InterruptSink;
import flyby.configuration.layout.ErrorRegisters;
import flyby.link.LinkEnd;
import flyby.link.PacketReceiver;
import flyby.pcie.LinkRate;
import flyby.pcie.MessageCodes;
import flyby.pcie.Packet;
import flyby.pcie.PacketPool;
import flyby.sim.Simulation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What sits at the lower end of a link: one function or several, each with a device behind it.
public final class Endpoint implements PacketReceiver {
    private final Simulation simulation;
    private final PacketPool pool;
    private final String name;
    private final LinkEnd link;
    private final EndpointParameters parameters;
    private final IntxWires wires;
    private final List<Function> functions = new ArrayList<>();
    /// The function whose registers were accessed last, which is asked first.
    private int lastHit;

    /// @param intx hears the INTx wires: 0 is INTA
    public Endpoint(
            Simulation simulation,
            PacketPool pool,
            String name,
            LinkEnd link,
            EndpointParameters parameters,
            InterruptSink intx) {
        this.simulation = simulation;
        this.pool = pool;
        this.name = name;
        this.link = link;
        this.parameters = parameters;
        wires = new IntxWires(simulation, name, intx, parameters.intxPicos());
        link.receiver(this);
    }

    /// Adds a function; the first one has number 0. For set-up only.
    public Function add(String functionName, FunctionDescription description) {
        int number = functions.size();
        Check.that(number < parameters.functionsMax(), "%s has %d functions already", name, number);
        Function function = new Function(
                simulation, pool, link.queue(functionName), functionName, number, description, parameters, wires);
        if (number > 0) {
            announce(functions.getLast(), number);
        }
        functions.add(function);
        return function;
    }

    /// Says how fast the link is, for the registers of all functions. Once they are there, at set-up.
    public void rate(LinkRate rate) {
        functions.forEach(function -> function.registers().link(rate));
    }

    /// Tells software that there is a function `number` behind `function`: by ARI's chain, or by the bit of
    /// function 0 that says to look for others.
    private void announce(Function function, int number) {
        if (parameters.isAri()) {
            function.registers().nextFunction(number);
        } else {
            functions.getFirst().registers().multiFunction();
        }
    }

    /// One sentence on each thing that its functions wait for: `function nvme0 01:00.0: 32 reads wait for
    /// completions, the oldest since 2.1 us, tag 5`.
    public List<String> waiting() {
        List<String> sentences = new ArrayList<>();
        functions.forEach(function -> function.describeWaiting(sentences));
        return sentences;
    }

    /// The functions, by number.
    public List<Function> functions() {
        return List.copyOf(functions);
    }

    @Override
    public void received(Packet packet) {
        switch (packet.kind()) {
            case MEMORY_READ, MEMORY_WRITE, IO_READ, IO_WRITE -> access(packet);
            case CONFIGURATION_READ, CONFIGURATION_WRITE -> configure(packet);
            case COMPLETION -> complete(packet);
            case MESSAGE -> message(packet);
        }
        link.free(packet);
        packet.recycle();
    }

    private void access(Packet packet) {
        for (int i = 0; i < functions.size(); i++) {
            int number = lastHit + i < functions.size() ? lastHit + i : lastHit + i - functions.size();
            Completer completer = functions.get(number).completer();
            int region = completer.region(packet);
            if (region >= 0) {
                lastHit = number;
                completer.access(packet, region);
                return;
            }
        }
        refuse(packet);
    }

    private void configure(Packet packet) {
        Function function = function(packet.targetId());
        if (function == null) {
            refuse(packet);
        } else {
            function.configure(packet);
        }
    }

    private void complete(Packet packet) {
        Function function = function(packet.requesterId());
        if (function == null || function.id() != packet.requesterId()) {
            functions.getFirst().reportAdvisory(ErrorRegisters.UNEXPECTED_COMPLETION, packet);
        } else {
            function.completed(packet);
        }
    }

    /// Messages to endpoints that say nothing to these functions are ignored, as section 2.2.8.1 wants it for most.
    private void message(Packet packet) {
        Function function = function(packet.targetId());
        if (packet.address() == MessageCodes.INVALIDATE_REQUEST && function != null) {
            function.message(packet);
        }
    }

    /// Nobody here is meant: function 0 says so, as errors of no function in particular are told once, section
    /// 6.2.4.
    private void refuse(Packet packet) {
        functions.getFirst().completer().refuse(packet);
    }

    private @Nullable Function function(int id) {
        int number = id & parameters.numberMask();
        return number < functions.size() ? functions.get(number) : null;
    }

    @Override
    public void linkChanged(boolean up) {
        if (!up) {
            functions.forEach(Function::linkDown);
        }
    }
}
