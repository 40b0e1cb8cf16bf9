package flyby.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flyby.base.LabException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What rules may say, and what is said of those that cannot be read.
final class FaultPlanTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "corrupt write every 100th byte 3",
                "drop interrupt 5..10",
                "delay read by 10us p=0.01 seed=7",
                "fail dma with address-error in 0x1000..0x1fff times 3",
                "remove device at 10ms",
                "remove device after 500",
                "hang device for 1.5ms from 2ms",
                "nvme status 0x281 on read every 7th",
                "nvme medium-error on write in 100..200",
                "drop register region 0 in 0x10",
                "reorder read behind 3 ..4",
                "duplicate write; delay interrupt vector 2 by 3ns until 1s"
            })
    void canBeRead(String text) {
        assertThat(FaultPlan.parse("test", text)).hasToString(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "drpo read | word 1: found \"drpo\", expected one of drop, fail, delay, duplicate, corrupt,"
                        + " misdirect, reorder, remove, hang, or a fault of the device such as nvme status 0x281"
                        + " on read",
                "drop | word 1: found nothing more, expected one of interrupt, read, register-read, register-write,"
                        + " write, dma, register",
                "drop disk | word 2: found \"disk\", expected one of interrupt, read, register-read, register-write,"
                        + " write, dma, register after drop",
                "remove read | word 2: found \"read\", expected device after remove",
                "fail read | word 2: found nothing more, expected with STATUS",
                "fail read in 5 | word 4: found nothing more, expected with STATUS",
                "delay interrupt vector 1 | word 4: found nothing more, expected by TIME",
                "fail read with sadness | word 4: found \"sadness\", expected one of ADDRESS_ERROR, ABORTED, TIMEOUT,"
                        + " POISONED",
                "delay read by 10 | word 4: found \"10\", expected a time such as 10us, in ps, ns, us, ms or s, up to"
                        + " 1000000s",
                "delay read by 0.5ps | word 4: found \"0.5ps\", expected a time such as 10us, in ps, ns, us, ms or s,"
                        + " up to 1000000s",
                "drop read every 0 | word 4: found \"0\", expected 1 or more",
                "drop read 7..3 | word 3: found \"7..3\", expected a range whose end is not before its beginning",
                "drop read 0 | word 3: found \"0\", expected numbers from 1 on",
                "drop read p=2 | word 3: found \"p=2\", expected p= and a number from 0 to 1 with at most 9 digits"
                        + " behind the point",
                "drop interrupt in 3 | word 3: found \"in\", expected one of vector N, every N, N, N..M, after N,"
                        + " times N, p=0.1, seed=N, from TIME, until TIME",
                "drop read byte 3 | word 3: found \"byte\", expected one of timeout TIME, in A..B, every N, N, N..M,"
                        + " after N, times N, p=0.1, seed=N, from TIME, until TIME",
                "nvme status on | word 3: found nothing more, expected what the device is to fail at, such as read"
            })
    void saysWhereItIsWrongAndWhatIsAccepted(String text, String message) {
        assertThatThrownBy(() -> FaultPlan.parse("--fault", text))
                .isInstanceOf(LabException.class)
                .hasMessage("--fault, \"" + text + "\", " + message);
    }

    @Test
    void anEmptyRuleIsNone() {
        assertThatThrownBy(() -> FaultPlan.parse("--fault", "drop read;"))
                .isInstanceOf(LabException.class)
                .hasMessageStartingWith("--fault, \"\", word 1: found nothing more, expected drop, fail");
    }
}
