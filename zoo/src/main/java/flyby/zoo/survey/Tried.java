package flyby.zoo.survey;

import flyby.apidebug.Complaint;
import flyby.check.Finding;
import flyby.trial.Verdict;
import java.util.List;

/// One run.
///
/// @param asShipped what `CONFIG_DMA_API_DEBUG` says as distributions build it
/// @param withOverlaps what it says where it looks for cache lines that mappings share
/// @param warnings what the kernel says without any debugging
public record Tried(Verdict verdict, List<Complaint> asShipped, List<Complaint> withOverlaps, List<String> warnings) {
    public Tried {
        asShipped = List.copyOf(asShipped);
        withOverlaps = List.copyOf(withOverlaps);
        warnings = List.copyOf(warnings);
    }

    String machine() {
        return verdict.machine();
    }

    List<Finding> findings() {
        return verdict.findings();
    }
}
