package flyby.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TimeTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 ps",
        "1, 1 ps",
        "999, 999 ps",
        "1000, 1 ns",
        "3125000, 3.125 us",
        "16250, 16.25 ns",
        "123456, 123.5 ns",
        "1000000000, 1 ms",
        "2500000000000, 2.5 s",
        "1234567000000000000, 1235000 s",
        "-1500, -1.5 ns",
    })
    void showsFourDigitsInTheLargestUnit(long picos, String text) {
        assertThat(Time.text(picos)).isEqualTo(text);
    }
}
