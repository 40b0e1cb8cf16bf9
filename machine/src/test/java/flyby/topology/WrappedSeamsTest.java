package flyby.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WrappedSeamsTest {
    @Test
    void nothingIsForgotten() throws NoSuchMethodException {
        List<Method> seams = Arrays.stream(Seams.class.getMethods()).toList();

        assertThat(seams).hasSizeGreaterThan(6);
        for (Method each : seams) {
            assertThat(WrappedSeams.class
                            .getMethod(each.getName(), each.getParameterTypes())
                            .getDeclaringClass())
                    .as(each.getName())
                    .isEqualTo(WrappedSeams.class);
        }
    }
}
