package upcase;

import static upcase.UpcaseRegisters.BYTES;
import static upcase.UpcaseRegisters.DEVICE_ID;

import flyby.junit.DmaCheck;
import flyby.junit.Plugged;
import flyby.topology.Card;
import flyby.trial.Bench;
import flyby.trial.Subject.Hazard;
import java.util.Locale;

/// The driver and its device on machines that forgive nothing.
final class UpcaseTest {
    private static final String[] TEXTS = {"direct memory access", "a", "x".repeat(4096), "Already IN part."};

    /// The card in the machine: its ID, its registers, one interrupt, and what is behind them.
    @Plugged
    Card card() {
        return Card.of(DEVICE_ID, BYTES, 0, 1, Upcaser::new);
    }

    /// What the operating system does, and a program on it.
    @DmaCheck(hazards = Hazard.FAULTS)
    void convertsText(Bench bench) {
        UpcaseDriver driver = new UpcaseDriver(bench.kernel());
        if (bench.pci().bind(driver) != 0) {
            // Where maps and allocations fail, a probe may: but it must leave nothing behind.
            return;
        }
        for (String text : TEXTS) {
            String converted = driver.convert(text);
            bench.expect(text.toUpperCase(Locale.ROOT).equals(converted), "the text is in capital letters");
        }
        bench.pci().unbind();
    }
}
