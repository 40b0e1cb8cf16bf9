package flyby.floppy;

import flyby.base.Check;

/// The turning diskette: when which byte of a track passes under the head. The index hole passes at time 0.
final class Spindle {
    private final long revolutionPicos;
    private final long bytePicos;

    Spindle(DisketteFormat format, long revolutionPicos) {
        this.revolutionPicos = revolutionPicos;
        this.bytePicos = format.bytePicos();
        Check.that(
                format.trackBytes() * bytePicos <= revolutionPicos,
                "a track of %d bytes is longer than a turn",
                format.trackBytes());
    }

    /// When byte `position` behind the index hole comes next, not before `nowPicos`.
    long next(long nowPicos, int position) {
        long angle = nowPicos % revolutionPicos;
        long wanted = position * bytePicos;
        return nowPicos - angle + wanted + (wanted < angle ? revolutionPicos : 0);
    }

    /// When the index hole passes for the second time after `nowPicos`.
    long secondIndex(long nowPicos) {
        return nowPicos - nowPicos % revolutionPicos + 2 * revolutionPicos;
    }
}
