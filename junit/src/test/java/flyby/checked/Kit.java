package flyby.checked;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.List;
import java.util.Map;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/// Runs test classes as JUnit does, and looks at what it says of them.
final class Kit {
    private Kit() {}

    static EngineExecutionResults run(Class<?> type, Map<String, String> parameters) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(type))
                .configurationParameters(parameters)
                .enableImplicitConfigurationParameters(false)
                .execute();
    }

    static EngineExecutionResults run(Class<?> type) {
        return run(type, Map.of());
    }

    /// The tests that have run, as people see them called.
    static List<String> names(EngineExecutionResults results) {
        return results.testEvents().finished().stream()
                .map(event -> event.getTestDescriptor().getDisplayName())
                .toList();
    }

    /// Why tests and what holds them have failed.
    static List<Throwable> failures(EngineExecutionResults results) {
        return results.allEvents().failed().stream()
                .map(Event::getPayload)
                .map(payload -> payload.orElseThrow())
                .map(result -> ((TestExecutionResult) result).getThrowable().orElseThrow())
                .toList();
    }

    /// What they say.
    static List<String> messages(EngineExecutionResults results) {
        return failures(results).stream()
                .map(failure -> String.valueOf(failure.getMessage()))
                .toList();
    }
}
