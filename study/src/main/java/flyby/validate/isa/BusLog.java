package flyby.validate.isa;

import flyby.base.Check;
import flyby.trace.TraceSink;
import java.util.ArrayList;
import java.util.List;

/// Writes down the bus cycles of a PC and how the bus changed hands, from its trace.
final class BusLog implements TraceSink {
    /// One bus cycle.
    ///
    /// @param name as the trace has it: `DMA memory write`
    record Cycle(String name, long beginPicos, long endPicos, long address) {
        long picos() {
            return endPicos - beginPicos;
        }
    }

    private static final long NEVER = -1;

    private final List<String> names = new ArrayList<>();
    private final List<String> signals = new ArrayList<>();
    private final List<Cycle> cycles = new ArrayList<>();
    private final List<Long> acquisitions = new ArrayList<>();
    private final List<Long> releases = new ArrayList<>();
    private long holdRosePicos = NEVER;
    private long hldaFellPicos = NEVER;
    private int row = -1;
    private long beganPicos;
    private String begun = "";
    private long address;

    /// Those called `name`, in their order.
    List<Cycle> cycles(String name) {
        return cycles.stream().filter(cycle -> cycle.name().equals(name)).toList();
    }

    /// From each rise of HOLD to that of HLDA, in picoseconds.
    List<Long> acquisitions() {
        return List.copyOf(acquisitions);
    }

    /// From each fall of HLDA to the CPU's next bus cycle, in picoseconds, where no master came between.
    List<Long> releases() {
        return List.copyOf(releases);
    }

    @Override
    public boolean wantsSignals() {
        return true;
    }

    @Override
    public void defineTrack(int track, String group, String name) {
        if (group.equals("bus") && name.equals("cycles")) {
            row = track;
        }
    }

    @Override
    public void defineName(int name, String text) {
        Check.that(name == names.size(), "name %d after %d", name, names.size());
        names.add(text);
    }

    @Override
    public void defineSignal(int signal, String scope, String name, int widthBits) {
        Check.that(signal == signals.size(), "signal %d after %d", signal, signals.size());
        signals.add(scope + "." + name);
    }

    @Override
    public void begin(long timePicos, int track, int name, long transfer, long argument) {
        if (track == row) {
            beganPicos = timePicos;
            begun = names.get(name);
            address = argument;
            if (begun.startsWith("CPU") && hldaFellPicos != NEVER) {
                releases.add(timePicos - hldaFellPicos);
                hldaFellPicos = NEVER;
            }
        }
    }

    @Override
    public void end(long timePicos, int track) {
        if (track == row) {
            cycles.add(new Cycle(begun, beganPicos, timePicos, address));
        }
    }

    @Override
    public void signal(long timePicos, int signal, long value) {
        String name = signals.get(signal);
        if (name.equals("bus.HOLD")) {
            holdRosePicos = value == 0 ? NEVER : timePicos;
        } else if (name.equals("bus.HLDA") && value == 0) {
            hldaFellPicos = timePicos;
        } else if (name.equals("bus.HLDA")) {
            acquisitions.add(timePicos - holdRosePicos);
            hldaFellPicos = NEVER;
        }
    }
}
