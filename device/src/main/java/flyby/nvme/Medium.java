package flyby.nvme;

import flyby.bus.DeviceHost;
import flyby.sim.Alarm;

/// The time that the medium takes. Accesses of a kind all take the same, so that they end in the order in which they
/// began.
final class Medium {
    /// Accesses of one kind that are under way.
    static final class Line {
        private final long picos;
        private final CommandList commands = new CommandList();

        private Line(long picos) {
            this.picos = picos;
        }
    }

    private final DeviceHost host;
    private final Engine engine;
    private final Runnable pump;
    private final Alarm alarm;
    final Line reads;
    final Line writes;
    final Line flushes;
    private final Line[] lines;
    private final Telling telling;
    private int busy;

    Medium(DeviceHost host, String name, NvmeProfile profile, Telling telling, Engine engine, Runnable pump) {
        this.host = host;
        this.telling = telling;
        this.engine = engine;
        this.pump = pump;
        reads = new Line(profile.readPicos());
        writes = new Line(profile.writePicos());
        flushes = new Line(profile.flushPicos());
        lines = new Line[] {reads, writes, flushes};
        alarm = host.alarm(name + " medium", this::due);
    }

    void reset() {
        alarm.cancel();
        for (Line line : lines) {
            line.commands.clear();
        }
        if (busy > 0) {
            busy = 0;
            telling.mediumIsIdle(0);
        }
    }

    /// `command` goes on when the medium has had its time.
    void wait(Command command, Line line) {
        command.stage = Command.Stage.MEDIUM;
        if (line.picos == 0) {
            engine.waited(command);
            return;
        }
        command.readyPicos = host.nowPicos() + line.picos;
        line.commands.add(command);
        busy++;
        if (busy == 1) {
            telling.mediumIsBusy(command.transfer);
        }
        set();
    }

    /// Takes `command` out before its time; whether it waited.
    boolean remove(Command command) {
        for (Line line : lines) {
            if (line.commands.remove(command)) {
                less(command);
                return true;
            }
        }
        return false;
    }

    private void due() {
        long now = host.nowPicos();
        for (Line line : lines) {
            CommandList list = line.commands;
            for (Command first = list.first(); first != null && first.readyPicos <= now; first = list.first()) {
                list.poll();
                less(first);
                engine.waited(first);
            }
        }
        set();
        pump.run();
    }

    private void less(Command command) {
        busy--;
        if (busy == 0) {
            telling.mediumIsIdle(command.transfer);
        }
    }

    private void set() {
        long next = Long.MAX_VALUE;
        for (Line line : lines) {
            Command first = line.commands.first();
            if (first != null) {
                next = Math.min(next, first.readyPicos);
            }
        }
        if (next != Long.MAX_VALUE) {
            alarm.at(Math.max(next, host.nowPicos()));
        }
    }
}
