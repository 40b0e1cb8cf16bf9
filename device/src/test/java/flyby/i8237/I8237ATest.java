package flyby.i8237;

import static flyby.i8237.State.S0;
import static flyby.i8237.State.S1;
import static flyby.i8237.State.S11;
import static flyby.i8237.State.S2;
import static flyby.i8237.State.S21;
import static flyby.i8237.State.S3;
import static flyby.i8237.State.S4;
import static flyby.i8237.State.SC;
import static flyby.i8237.State.SI;
import static flyby.i8237.State.SW;
import static flyby.i8237.layout.I8237Registers.COMMAND;
import static flyby.i8237.layout.I8237Registers.REQUEST;
import static flyby.i8237.layout.I8237Registers.SINGLE_MASK;
import static flyby.i8237.layout.I8237Registers.STATUS;
import static flyby.i8237.layout.I8237Registers.TEMPORARY;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The chip against the data sheet's words and figures. Data sheet 231466.
final class I8237ATest {
    private static final int SINGLE_WRITE = 0x44;
    private static final int BLOCK_WRITE = 0x84;
    private static final int BLOCK_READ = 0x88;
    private static final int DEMAND_WRITE = 0x04;

    private final Bench bench = new Bench();
    private final I8237A chip = bench.chip;

    @Test
    void aSingleTransferTakesSixClocksAndGivesTheBusBackBetween() {
        bench.program(2, SINGLE_WRITE, 0x1234, 9);
        chip.dreq(2, true);
        bench.run(12);
        assertThat(bench.states).containsExactly(SI, S0, S1, S2, S3, S4, SI, S0, S1, S2, S3, S4);
        assertThat(bench.events)
                .containsExactly(
                        "HRQ true",
                        "DACK2 true",
                        "WRITE 2 1234",
                        "HRQ false",
                        "DACK2 false",
                        "HRQ true",
                        "DACK2 true",
                        "WRITE 2 1235",
                        "HRQ false");
    }

    @Test
    void aBlockLatchesTheUpperAddressOnlyWhereItChanges() {
        bench.program(0, BLOCK_READ, 0x10fe, 2);
        chip.dreq(0, true);
        bench.run(12);
        assertThat(bench.states).containsExactly(SI, S0, S1, S2, S3, S4, S2, S3, S4, S1, S2, S3);
    }

    @Test
    void aBlockOf256CostsOneLatch() {
        bench.program(0, BLOCK_READ, 0x2000, 255);
        chip.dreq(0, true);
        bench.runUntilIdle(2_000);
        assertThat(Collections.frequency(bench.states, S1)).isOne();
        assertThat(bench.states.stream().filter(s -> s != SI && s != S0).count())
                .isEqualTo(1 + 3 * 256);
    }

    @Test
    void compressedTimingLeavesOutS3() {
        chip.write(COMMAND, 0x08);
        bench.program(0, BLOCK_READ, 0x2000, 255);
        chip.dreq(0, true);
        bench.runUntilIdle(2_000);
        assertThat(bench.states).doesNotContain(S3);
        assertThat(bench.states.stream().filter(s -> s != SI && s != S0).count())
                .isEqualTo(1 + 2 * 256);
    }

    @Test
    void readyLowAddsWaitStatesAndNotInVerify() {
        bench.program(1, SINGLE_WRITE, 0, 0);
        chip.dreq(1, true);
        chip.ready(false);
        bench.run(8);
        chip.ready(true);
        bench.run(2);
        assertThat(bench.states).containsExactly(SI, S0, S1, S2, S3, SW, SW, SW, S4, SI);

        Bench verify = new Bench();
        verify.program(1, 0x40, 0, 0);
        verify.chip.dreq(1, true);
        verify.chip.ready(false);
        verify.run(6);
        assertThat(verify.states).containsExactly(SI, S0, S1, S2, S3, S4);
    }

    @Test
    void theStrobesFallWhereTheFigureSaysSo() {
        assertThat(strobes(0x00))
                .containsExactly("S1 r1>1 w1>1 e1>1", "S2 r1>0 w1>1 e1>1", "S3 r0>0 w1>0 e1>0", "S4 r0>1 w0>1 e0>1");
        assertThat(strobes(0x20))
                .containsExactly("S1 r1>1 w1>1 e1>1", "S2 r1>0 w1>0 e1>1", "S3 r0>0 w0>0 e1>0", "S4 r0>1 w0>1 e0>1");
        assertThat(strobes(0x08)).containsExactly("S1 r1>1 w1>1 e1>1", "S2 r1>0 w1>0 e1>0", "S4 r0>1 w0>1 e0>1");
    }

    /// The last transfer of a service, clock by clock: read strobe, write strobe and EOP before and after CLK
    /// rises.
    private static List<String> strobes(int command) {
        Bench bench = new Bench();
        I8237A chip = bench.chip;
        chip.write(COMMAND, command);
        bench.program(0, SINGLE_WRITE, 0, 0);
        chip.dreq(0, true);
        chip.clockFalls();
        chip.clockRises();
        chip.clockFalls();
        chip.hlda(true);
        chip.clockRises();
        List<String> lines = new java.util.ArrayList<>();
        do {
            chip.clockFalls();
            String before = chip.state() + " r" + bit(chip.ior());
            String write = " w" + bit(chip.memw());
            String eop = " e" + bit(chip.eop());
            chip.clockRises();
            lines.add(before + ">" + bit(chip.ior()) + write + ">" + bit(chip.memw()) + eop + ">" + bit(chip.eop()));
        } while (chip.state() != S4);
        return lines;
    }

    private static String bit(boolean high) {
        return high ? "1" : "0";
    }

    @Test
    void theUpperAddressIsOnTheDataBusWhileAdstb() {
        bench.program(0, SINGLE_WRITE, 0xabcd, 0);
        chip.dreq(0, true);
        bench.run(3);
        assertThat(chip.adstb()).isTrue();
        assertThat(chip.dataPins()).isEqualTo(0xab);
        assertThat(chip.addressPins()).isEqualTo(0xcd);
        bench.clock();
        assertThat(chip.adstb()).isFalse();
        assertThat(chip.dataPins()).isEqualTo(-1);
    }

    @Test
    void terminalCountSetsStatusAndMaskAndEndsTheBlock() {
        bench.program(3, BLOCK_WRITE, 0x10, 1);
        chip.dreq(3, true);
        bench.runUntilIdle(50);
        assertThat(bench.events).contains("WRITE 3 0011 TC");
        assertThat(chip.read(STATUS)).isEqualTo(0x88);
        assertThat(chip.read(STATUS)).as("reading cleared TC, not the request").isEqualTo(0x80);
        assertThat(chip.explain()).contains("channel 3 is masked: its DREQ is active and is not seen");
    }

    @Test
    void autoinitializeStartsAgainAndLeavesTheMask() {
        bench.program(1, SINGLE_WRITE | 0x10, 0x100, 1);
        chip.dreq(1, true);
        bench.run(6 * 3);
        assertThat(bench.events).contains("WRITE 1 0100", "WRITE 1 0101 TC").endsWith("WRITE 1 0100", "HRQ false");
    }

    @Test
    void demandGoesOnWhileDreqIsThere() {
        bench.program(0, DEMAND_WRITE, 0, 99);
        chip.dreq(0, true);
        bench.run(11);
        chip.dreq(0, false);
        bench.run(2);
        assertThat(bench.states).containsExactly(SI, S0, S1, S2, S3, S4, S2, S3, S4, S2, S3, S4, SI);
        assertThat(chip.read(1)).as("the count is kept").isEqualTo(99 - 3);
    }

    @Test
    void aRequestThatGoesBeforeHldaIsWithdrawn() {
        bench.grants = false;
        bench.program(0, SINGLE_WRITE, 0, 0);
        chip.dreq(0, true);
        bench.run(3);
        chip.dreq(0, false);
        bench.run(2);
        assertThat(bench.states).containsExactly(SI, S0, S0, S0, SI);
        assertThat(chip.hrq()).isFalse();
    }

    @Test
    void memoryToMemoryTakesEightClocksAByte() {
        for (int i = 0; i < 300; i++) {
            bench.memory[0x1000 + i] = (byte) (i * 7);
        }
        chip.write(COMMAND, 0x01);
        bench.program(0, BLOCK_READ, 0x1000, 299);
        bench.program(1, BLOCK_WRITE, 0x3000, 299);
        chip.write(SINGLE_MASK, 4);
        chip.write(SINGLE_MASK, 5);
        chip.write(REQUEST, 0x04);
        int clocks = bench.runUntilIdle(10_000);
        assertThat(clocks).isEqualTo(2 + 8 * 300 + 1);
        assertThat(java.util.Arrays.copyOfRange(bench.memory, 0x3000, 0x3000 + 300))
                .isEqualTo(java.util.Arrays.copyOfRange(bench.memory, 0x1000, 0x1000 + 300));
        assertThat(chip.read(STATUS) & 0xf).isEqualTo(3);
        assertThat(chip.read(TEMPORARY)).isEqualTo(299 * 7 & 0xff);
        assertThat(bench.states).contains(S11, S21);
    }

    @Test
    void cascadePassesTheBusOnAndDrivesNothing() {
        bench.program(0, 0xc0, 0, 0);
        chip.dreq(0, true);
        bench.run(5);
        assertThat(bench.states).containsExactly(SI, S0, SC, SC, SC);
        assertThat(chip.aen()).isFalse();
        assertThat(chip.addressPins()).isEqualTo(-1);
        assertThat(chip.dack()).isEqualTo(0xe);
        chip.dreq(0, false);
        bench.run(2);
        assertThat(bench.states).endsWith(SC, SI);
        assertThat(bench.events).containsExactly("HRQ true", "DACK0 true", "HRQ false", "DACK0 false");
    }

    /// The CPU may be quicker than the chip: it has the bus from the middle of S4 on.
    @Test
    void registersAreReachedAsSoonAsTheBusIsGivenBack() {
        bench.program(2, SINGLE_WRITE, 0, 9);
        chip.dreq(2, true);
        bench.run(6);
        assertThat(chip.state()).isEqualTo(S4);
        assertThat(chip.hldaPin()).isFalse();
        assertThat(chip.read(STATUS)).isEqualTo(0x40);
        chip.write(SINGLE_MASK, 0x06);
        bench.run(2);
        assertThat(bench.states).endsWith(SI, SI);
    }

    @Test
    void registersAreNotReachedDuringAService() {
        bench.program(2, BLOCK_WRITE, 0, 9);
        chip.dreq(2, true);
        bench.run(6);
        chip.hlda(false);
        assertThat(chip.read(STATUS)).isEqualTo(0xff);
    }

    @Test
    void itSaysThatAChannelIsThrough() {
        bench.program(1, SINGLE_WRITE, 0x10, 0);
        chip.dreq(1, true);
        bench.run(8);
        assertThat(chip.explain())
                .contains(
                        "channel 0 is masked",
                        "channel 1 is masked, as it has reached terminal count: its DREQ is active and is not seen",
                        "channel 1: single mode, write, address 0x0011, count is 0xFFFF: 65,536 transfers")
                .noneMatch(sentence -> sentence.startsWith("channel 0:"));
    }

    @Test
    void itExplainsWhyNothingHappens() {
        bench.grants = false;
        bench.program(2, SINGLE_WRITE, 0, 0xffff);
        chip.write(REQUEST, 0x05);
        chip.dreq(2, true);
        bench.run(4);
        assertThat(chip.explain())
                .contains(
                        "HLDA never came: HRQ has been up for channel 2, for 3 clocks",
                        "channel 1 is masked",
                        "channel 1 has a software request that is not honoured: its mode is demand, and only block mode"
                                + " honours one",
                        "channel 2: single mode, write, address 0x0000, count is 0xFFFF: 65,536 transfers");
    }
}
