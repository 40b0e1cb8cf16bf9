package flyby.record;

/// For what a device hears from elsewhere than its host, such as a store of blocks: a host that records or replays
/// is a tap, and who makes the device puts it into that way.
///
/// ```java
/// public int read(long block, byte[] into, int offset, int byteCount) {
///     return (int) tap.input(store.read(block, into, offset, byteCount), into, offset, byteCount);
/// }
/// ```
/// While recording, what is passed is written down and comes back as it is; in a replay, what was written down takes
/// its
/// place, so that the store may be an empty one.
public interface Tap {
    /// The device gets the number `value` and `byteCount` bytes (0 or more) of `data`, from index `offset` on.
    ///
    /// @return the number that the device is to see; `data` has the bytes that it is to see
    long input(long value, byte[] data, int offset, int byteCount);

    /// `action` with what it does to the device written down: for who calls the device from outside, as a store does
    /// when a block is there. For set-up only; in a replay, whoever runs the result does nothing.
    Runnable entrance(String name, Runnable action);
}
