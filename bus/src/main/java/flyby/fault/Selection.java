package flyby.fault;

import java.util.OptionalLong;

/// Which of the events that a rule is about it hits.
///
/// First place and time: `lowest` to `highest` address, `number` of the vector or register region (-1: any), from
/// `fromPicos` up to `untilPicos` since the device was made. Of the events that this leaves, counted from 1: from
/// `first`
/// to `last`, each `every`th of these, with a probability of `chance` in `outOf`, at most `timesMax` times.
record Selection(
        long lowest,
        long highest,
        int number,
        long fromPicos,
        long untilPicos,
        long first,
        long last,
        long every,
        long chance,
        long outOf,
        long timesMax,
        OptionalLong seed) {
    /// Whether an event at this place and time counts.
    ///
    /// @param address of its first byte, or block
    /// @param count how many bytes or blocks, 1 or more
    boolean covers(long address, long count, int itsNumber, long picos) {
        return address <= highest
                && address + count - 1 >= lowest
                && (number < 0 || number == itsNumber)
                && picos >= fromPicos
                && picos < untilPicos;
    }

    /// Whether the event with number `ordinal` is hit, chance apart.
    boolean hits(long ordinal) {
        return ordinal >= first && ordinal <= last && (ordinal - first + 1) % every == 0;
    }
}
