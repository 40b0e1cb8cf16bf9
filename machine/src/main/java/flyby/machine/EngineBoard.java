package flyby.machine;

import flyby.copy.CopyEngine;
import flyby.copy.layout.CopyEngineRegisters;
import flyby.params.Settings;
import flyby.sim.Simulation;

/// A mainboard with a copy engine in a slot of its bus.
public final class EngineBoard implements Machine {
    /// Where the engine's registers are mapped.
    public static final long REGISTERS = Mainboard.MEMORY_END_MAX;

    /// The engine's interrupt line.
    public static final int LINE = 5;

    /// How many bits of an address the engine drives.
    public static final int ADDRESS_BITS = 32;

    private final Mainboard mainboard;

    public EngineBoard(Simulation simulation, Mainboard.Parameters parameters, CopyEngine.Profile engine) {
        mainboard = new Mainboard(simulation, parameters);
        var slot = mainboard.bus().slot("copy", LINE);
        CopyEngine device = new CopyEngine(slot, "copy", engine);
        mainboard.bus().map().add(REGISTERS, CopyEngineRegisters.MAP.spanBytes(), device, 0, slot);
    }

    /// The board that `settings` of [BoardCatalogue#PARAMETERS] describe, with an engine as slow as its bus.
    public static EngineBoard of(Simulation simulation, Settings settings) {
        int word = (int) settings.bytes("machine.bus.width");
        return new EngineBoard(simulation, BoardCatalogue.mainboard(settings), new CopyEngine.Profile(1, word, 0));
    }

    @Override
    public Mainboard mainboard() {
        return mainboard;
    }
}
