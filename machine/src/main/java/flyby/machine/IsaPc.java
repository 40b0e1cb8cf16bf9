package flyby.machine;

import flyby.sim.Simulation;
import java.util.List;

/// A PC of IBM's kind: a mainboard with an [IsaBoard] on its bus.
///
/// ```
///   CPU --+------- bus -------+----------------+----------+
///    ^    |                   |                |          |
///    |  memory   8237A(s), page registers    timer      cards
///    |                        +-- DREQ0/DACK0 -+          |   (on the AT, refresh takes the bus by itself)
///    |                        +-- DREQ/DACK of a channel -+
///    +--- IRQ --------------------------------------------+
/// ```
public final class IsaPc implements Machine {
    /// Everything that makes one PC differ from another.
    public record Parameters(Mainboard.Parameters mainboard, IsaBoard.Parameters isa) {}

    private final Mainboard mainboard;
    private final IsaBoard isa;

    public IsaPc(Simulation simulation, Parameters parameters) {
        mainboard = new Mainboard(simulation, parameters.mainboard());
        isa = new IsaBoard(mainboard.bus(), parameters.isa());
    }

    @Override
    public Mainboard mainboard() {
        return mainboard;
    }

    /// What hangs on its bus.
    public IsaBoard isa() {
        return isa;
    }

    @Override
    public long transferCount() {
        return isa.dma().transferCount();
    }

    @Override
    public List<String> explain() {
        return isa.dma().explain();
    }
}
