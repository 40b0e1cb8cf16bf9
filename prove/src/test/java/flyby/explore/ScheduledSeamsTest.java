package flyby.explore;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.Cpu;
import flyby.bus.DeviceHost;
import flyby.memory.MemoryAgent;
import flyby.topology.Seams;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Nothing that passes through is lost.
final class ScheduledSeamsTest {
    /// Those of `seam` that `type` leaves as they are.
    private static List<String> left(Class<?> seam, Class<?> type) {
        return Arrays.stream(seam.getMethods())
                .filter(Method::isDefault)
                .filter(method -> Arrays.stream(type.getDeclaredMethods())
                        .noneMatch(own -> own.getName().equals(method.getName())
                                && Arrays.equals(own.getParameterTypes(), method.getParameterTypes())))
                .map(Method::getName)
                .toList();
    }

    @Test
    void everySeamIsPassedOn() {
        assertThat(left(Seams.class, ScheduledSeams.class)).isEmpty();
        assertThat(left(MemoryAgent.class, WatchedAgent.class)).isEmpty();
        assertThat(left(DeviceHost.class, LateHost.class)).isEmpty();
        assertThat(left(Cpu.class, PreemptedCpu.class))
                .as("made of others")
                .containsExactlyInAnyOrder("le16", "le32", "le64");
    }
}
