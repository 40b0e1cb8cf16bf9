package flyby.experiment;

import flyby.study.RunResult;
import java.util.List;

/// What the runs of [IommuCost] show, side by side.
final class IommuCostConclusions {
    private IommuCostConclusions() {}

    static List<String> of(List<RunResult> runs) {
        return List.of();
    }
}
