package flyby.guest;

import java.time.Duration;

/// How a script in the guest ended.
///
/// @param status the script's exit status; -1 if it did not end
/// @param output what the script printed
/// @param console what the kernel printed
/// @param boot from QEMU's start to the script's, zero if it was not reached
/// @param trouble what kept the script from ending, in one line; empty if it ended
public record GuestResult(int status, String output, String console, Duration boot, String trouble) {
    /// The script ended with status 0.
    public boolean succeeded() {
        return status == 0;
    }
}
