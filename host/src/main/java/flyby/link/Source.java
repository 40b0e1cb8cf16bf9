package flyby.link;

import flyby.pcie.Packet;
import flyby.pcie.WriteRun;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One source of packets at the sending end, and the order in which they may leave: section 2.4.1, table 2-40.
///
/// In each of the three flows packets keep their order. Between the flows the oldest that may go does: a posted
/// request passes whatever is blocked, a completion passes non-posted requests, and neither passes an older posted
/// request, unless its attributes allow that.
final class Source implements TransmitQueue {
    private final Direction direction;
    private final int index;
    private final String name;
    private final WaitingLine posted;
    private final WaitingLine nonPosted;
    private final WaitingLine completions;
    private final List<SentListener> listeners = new ArrayList<>();
    private long nextOrder;

    /// @param index among the sources of `direction`
    Source(
            Direction direction,
            int index,
            String name,
            WaitingLine posted,
            WaitingLine nonPosted,
            WaitingLine completions) {
        this.direction = direction;
        this.index = index;
        this.name = name;
        this.posted = posted;
        this.nonPosted = nonPosted;
        this.completions = completions;
    }

    @Override
    public void send(Packet packet) {
        WaitingLine line = switch (packet.flow()) {
            case POSTED -> posted;
            case NON_POSTED -> nonPosted;
            case COMPLETION -> completions;
        };
        line.add(packet, null, direction.nowPicos(), nextOrder++);
        direction.cameToWait(index);
    }

    @Override
    public void send(WriteRun run) {
        posted.add(null, run, direction.nowPicos(), nextOrder++);
        direction.cameToWait(index);
    }

    @Override
    public void whenSent(SentListener listener) {
        listeners.add(listener);
    }

    void tellSent(Packet packet) {
        for (int i = 0; i < listeners.size(); i++) {
            listeners.get(i).sent(packet);
        }
    }

    boolean isEmpty() {
        return posted.isEmpty() && nonPosted.isEmpty() && completions.isEmpty();
    }

    /// Whether nothing waits in any other line than `line`.
    boolean isOnly(WaitingLine line) {
        return line.count() == posted.count() + nonPosted.count() + completions.count();
    }

    /// Whose head goes first of those that came strictly before `nowPicos`, may go and have credits, if any does.
    @Nullable
    WaitingLine choose(long nowPicos) {
        WaitingLine best = older(null, posted, nowPicos);
        if (!nonPosted.isEmpty() && mayPassPosted(nonPosted)) {
            best = older(best, nonPosted, nowPicos);
        }
        if (!completions.isEmpty() && mayPassPosted(completions)) {
            best = older(best, completions, nowPicos);
        }
        return best;
    }

    private static @Nullable WaitingLine older(@Nullable WaitingLine best, WaitingLine line, long nowPicos) {
        if (line.isEmpty()
                || line.cameAtPicos() >= nowPicos
                || (best != null && best.order() < line.order())
                || !line.credits().allows(line.units())) {
            return best;
        }
        return line;
    }

    /// Entries B2, C2 and D2 of the table.
    private boolean mayPassPosted(WaitingLine line) {
        if (posted.isEmpty() || posted.order() > line.order()) {
            return true;
        }
        Packet packet = line.packet();
        boolean completion = packet.kind() == Packet.Kind.COMPLETION;
        if (completion && packet.relaxedOrdering()) {
            return true;
        }
        int id = completion ? packet.targetId() : packet.requesterId();
        return packet.idOrdering() && !posted.hasOlderFrom(id, line.order());
    }

    /// Whether the oldest of any flow came at `nowPicos` or later.
    boolean hasNewcomer(long nowPicos) {
        return isNewcomer(posted, nowPicos) || isNewcomer(nonPosted, nowPicos) || isNewcomer(completions, nowPicos);
    }

    private static boolean isNewcomer(WaitingLine line, long nowPicos) {
        return !line.isEmpty() && line.cameAtPicos() >= nowPicos;
    }

    /// Tells `traffic` which flows cannot go for want of credits.
    void noteStalls(LinkTraffic traffic, long nowPicos) {
        noteStall(posted, traffic, nowPicos);
        noteStall(nonPosted, traffic, nowPicos);
        noteStall(completions, traffic, nowPicos);
    }

    private static void noteStall(WaitingLine line, LinkTraffic traffic, long nowPicos) {
        if (!line.isEmpty() && !line.credits().allows(line.units())) {
            traffic.stall(line.flow(), nowPicos);
        }
    }

    /// All that wait are lost.
    void clear() {
        posted.clear(this);
        nonPosted.clear(this);
        completions.clear(this);
    }

    /// A sentence for each flow that waits.
    void describe(List<String> sentences, String where) {
        describe(sentences, where, posted);
        describe(sentences, where, nonPosted);
        describe(sentences, where, completions);
    }

    private void describe(List<String> sentences, String where, WaitingLine line) {
        if (line.isEmpty()) {
            return;
        }
        String what = switch (line.flow()) {
            case POSTED -> "posted";
            case NON_POSTED -> "non-posted";
            case COMPLETION -> "completion";
        };
        int units = line.units();
        String reason =
                line.credits().allows(units) ? "their turn" : line.credits().missing(units);
        sentences.add("%s: %d %s packets of %s wait for %s".formatted(where, line.count(), what, name, reason));
    }
}
