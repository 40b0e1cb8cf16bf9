package flyby.guest;

import java.util.Map;
import java.util.TreeMap;

/// What the guest is to do.
///
/// @param text a bash script
/// @param files more files, which the script finds in `/files` under their names
public record GuestScript(String text, Map<String, byte[]> files) {
    public GuestScript {
        files = new TreeMap<>(files);
    }

    /// A script alone.
    public static GuestScript of(String text) {
        return new GuestScript(text, Map.of());
    }
}
