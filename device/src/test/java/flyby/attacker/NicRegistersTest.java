package flyby.attacker;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.attacker.layout.NicRegisters;
import org.junit.jupiter.api.Test;

/// The register table as software sees it, typed in by hand.
final class NicRegistersTest {
    @Test
    void standsAsSoftwareKnowsIt() {
        assertThat(NicRegisters.MAP.describe()).isEqualTo("""
                        Network card
                        0x00 8 WRITE_ONLY RX_POST
                        0x08 4 READ_WRITE RX_BYTES
                        0x0c 4 READ_WRITE TX_BYTES
                        0x10 8 WRITE_ONLY TX_POST
                        0x18 8 READ_ONLY  DONE
                        0x20 4 READ_ONLY  DONE_BYTES
                        0x24 4 READ_WRITE CONTROL
                              0:0  ENABLE
                              1:1  INTERRUPT
                        0x28 4 READ_ONLY  STATUS
                              0:0  DONE
                        0x2c 4 READ_ONLY  DROPPED
                        """);
    }
}
