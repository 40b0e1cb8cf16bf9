package flyby.trial;

import flyby.params.Profile;
import flyby.params.Source;
import flyby.topology.MachineReader;
import java.util.List;

/// The machines on which drivers are tried.
public final class HostileMachines {
    private static final Source CHOICE = Source.assumed("an example");
    private static final Source SMALL =
            Source.assumed("as small as they come, so that lines are evicted and runs are quick");

    /// Two slots in which a subject's cards are plugged, and little else.
    private static final Profile BASE = Profile.named("bench", "A small desktop with two slots")
            .set("cpu.cores", 2, CHOICE)
            .set("cpu.clock", "2000 MHz", CHOICE)
            .set("l1.size", "8 KiB", SMALL)
            .set("l1.ways", 4, SMALL)
            .set("l2.size", "16 KiB", SMALL)
            .set("l2.ways", 4, SMALL)
            .set("llc.size", "64 KiB", SMALL)
            .set("llc.ways", 8, SMALL)
            .set("ddio.ways", 2, SMALL)
            .set("memory.size", "64 MiB", SMALL)
            .set("memory.channels", 1, SMALL)
            .set("root-ports.slot0.functions.card0.device", "copy-engine", CHOICE)
            .set("root-ports.slot1.functions.card1.device", "copy-engine", CHOICE)
            .set("isa-bridges.lpc0.bus", "pc-at-1984", CHOICE)
            .build();

    /// A machine that does nothing to anybody.
    public static final HostileMachine PLAIN = new HostileMachine(
            "plain", "A small coherent machine", MachineReader.read(List.of(BASE), BASE.name(), List.of()));

    private HostileMachines() {}
}
