package flyby.experiment;

import flyby.kernel.KernelLog;
import flyby.sim.Time;
import flyby.study.Finding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the kernel had to say of a driver, as findings: each warning once, with the line that caused it.
final class KernelFindings {
    private KernelFindings() {}

    /// One finding for each text and line of the driver, in the order in which they came up. All are bad: a kernel
    /// warns of mistakes.
    static List<Finding> of(KernelLog log) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        Map<String, KernelLog.Line> firsts = new LinkedHashMap<>();
        for (KernelLog.Line line : log.lines()) {
            if (line.isWarning()) {
                String key = line.callSite() + " " + line.text();
                counts.merge(key, 1, Integer::sum);
                firsts.putIfAbsent(key, line);
            }
        }
        List<Finding> findings = new ArrayList<>();
        firsts.forEach((key, line) -> findings.add(finding(line, counts.getOrDefault(key, 1))));
        return findings;
    }

    private static Finding finding(KernelLog.Line line, int count) {
        String often = count == 1 ? "" : ", the first of %,d times".formatted(count);
        return new Finding(
                true,
                "The kernel warns: " + line.text(),
                "At " + Time.text(line.timePicos()) + often + ", in " + line.callSite() + ".",
                "",
                List.of());
    }
}
