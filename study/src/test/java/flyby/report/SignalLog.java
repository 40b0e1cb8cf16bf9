package flyby.report;

import flyby.trace.TraceSink;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The slowest writer of waveforms that cannot be wrong: keeps all records, sorts them by time, drops what is no
/// change.
final class SignalLog implements TraceSink {
    private record Change(long time, long value) {}

    private final List<Integer> widths = new ArrayList<>();
    private final List<List<Change>> changes = new ArrayList<>();

    @Override
    public boolean wantsSignals() {
        return true;
    }

    @Override
    public void defineSignal(int signal, String scope, String name, int widthBits) {
        widths.add(widthBits);
        changes.add(new ArrayList<>());
    }

    @Override
    public void signal(long timePicos, int signal, long value) {
        changes.get(signal).add(new Change(timePicos, value));
    }

    /// What a dump of [from, until) should say of each signal, as [VcdReader] tells it. Of several changes at one
    /// time only the last is a state of the wire; `lastOnly` leaves out those before it.
    List<List<String>> expected(long from, long until, boolean lastOnly) {
        List<List<String>> result = new ArrayList<>();
        for (int i = 0; i < changes.size(); i++) {
            List<Change> sorted = new ArrayList<>(changes.get(i));
            sorted.sort(Comparator.comparingLong(Change::time));
            String before = "x";
            for (Change change : sorted) {
                before = change.time < from ? text(change.value, widths.get(i)) : before;
            }
            List<String> lines = new ArrayList<>(List.of(from + " " + before));
            String state = before;
            for (Change change : sorted) {
                String text = text(change.value, widths.get(i));
                if (change.time >= from && change.time < until && !text.equals(state)) {
                    lines.add(change.time + " " + text);
                    state = text;
                }
            }
            result.add(lastOnly ? states(lines) : lines);
        }
        return result;
    }

    /// Of lines with equal times only the last, and of those only changes.
    static List<String> states(List<String> lines) {
        Map<Long, String> last = new LinkedHashMap<>();
        for (String line : lines) {
            last.put(Long.parseLong(line.substring(0, line.indexOf(' '))), line.substring(line.indexOf(' ') + 1));
        }
        List<String> result = new ArrayList<>();
        String[] state = {""};
        last.forEach((time, text) -> {
            if (!text.equals(state[0])) {
                result.add(time + " " + text);
                state[0] = text;
            }
        });
        return result;
    }

    private static String text(long value, int widthBits) {
        if (value == HIGH_IMPEDANCE) {
            return "z";
        }
        return Long.toBinaryString(widthBits == 64 ? value : value & ((1L << widthBits) - 1));
    }
}
