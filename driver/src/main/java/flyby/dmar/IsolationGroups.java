package flyby.dmar;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Which functions cannot be told apart by an IOMMU, because they reach each other without passing it. Linux's
/// `pci_device_group`.
public final class IsolationGroups {
    private IsolationGroups() {}

    /// The groups, in the order of their first functions.
    public static List<List<PciFunction>> of(List<PciFunction> functions) {
        Map<Integer, List<PciFunction>> groups = new LinkedHashMap<>();
        for (PciFunction function : functions) {
            PciFunction speaker = speaker(function);
            groups.computeIfAbsent(key(speaker), _ -> new ArrayList<>()).add(function);
        }
        return List.copyOf(groups.values());
    }

    /// Who stands for `function`: the highest port below which requests may turn round, or itself.
    private static PciFunction speaker(PciFunction function) {
        PciFunction speaker = function;
        for (PciFunction bridge = function.bridge(); bridge != null; bridge = bridge.bridge()) {
            if (isIsolatedUpTo(bridge)) {
                break;
            }
            speaker = bridge;
        }
        return speaker;
    }

    private static boolean isIsolatedUpTo(PciFunction bridge) {
        for (PciFunction at = bridge; at != null; at = at.bridge()) {
            if (!at.isIsolated()) {
                return false;
            }
        }
        return true;
    }

    /// Functions of one device that are not isolated are one.
    private static int key(PciFunction function) {
        boolean isShared = function.isMultiFunction() && !function.isIsolated();
        return isShared ? -1 - (function.requesterId() >>> 3) : function.requesterId();
    }
}
