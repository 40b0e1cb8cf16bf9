package flyby.link;

/// Room that the receiver of one flow has freed and the sender does not yet know of.
final class CreditReturn {
    private final CreditPool pool;
    private long duePicos = Long.MAX_VALUE;
    private int headers;
    private int data;

    CreditReturn(CreditPool pool) {
        this.pool = pool;
    }

    CreditPool pool() {
        return pool;
    }

    /// When its UpdateFC is due, or [Long#MAX_VALUE].
    long duePicos() {
        return duePicos;
    }

    /// Room for one packet with `units` of data, to be told from `whenPicos` on.
    void add(int units, long whenPicos) {
        if (pool.isFinite()) {
            headers++;
            data += units;
            duePicos = Math.min(duePicos, whenPicos);
        }
    }

    /// Tells all of it: the sender knows at `timePicos`.
    void tell(long timePicos) {
        pool.giveBack(timePicos, headers, data);
        reset();
    }

    /// The UpdateFC was lost: it goes again at `whenPicos`, or with the next one.
    void postpone(long whenPicos) {
        duePicos = whenPicos;
    }

    void reset() {
        duePicos = Long.MAX_VALUE;
        headers = 0;
        data = 0;
    }
}
