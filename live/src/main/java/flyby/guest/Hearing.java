package flyby.guest;

import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/// One boot of the guest, in which some judges look at some devices.
///
/// @param judges who
/// @param scripts what they do, by the names of their scripts
/// @param variables what the scripts are told
/// @param iommu whether DMA is translated
/// @param devices makes what is plugged in
/// @param hostSide what the host adds when the guest has ended
record Hearing(
        List<String> judges,
        List<String> scripts,
        Map<String, String> variables,
        GuestIommu iommu,
        Supplier<List<GuestDevice>> devices,
        Function<GuestResult, List<Finding>> hostSide) {
    /// Several times what a loaded machine needs.
    private static final Duration LIMIT = Duration.ofMinutes(10);

    Hearing {
        judges = List.copyOf(judges);
        scripts = List.copyOf(scripts);
        variables = new TreeMap<>(variables);
    }

    static Hearing of(
            List<String> judges,
            List<String> scripts,
            Map<String, String> variables,
            GuestIommu iommu,
            Supplier<List<GuestDevice>> devices) {
        return new Hearing(judges, scripts, variables, iommu, devices, _ -> List.of());
    }

    List<Finding> hold(Guest guest) {
        GuestSetup setup = guest.setup().with(iommu).with(devices.get());
        GuestScript script = GuestScript.of(JudgeScript.of(variables, scripts));
        GuestResult result = guest.with(setup).run(script, LIMIT, OutputStream.nullOutputStream());
        List<Finding> findings = new ArrayList<>(Findings.of(judges, result));
        findings.addAll(hostSide.apply(result));
        return findings;
    }
}
