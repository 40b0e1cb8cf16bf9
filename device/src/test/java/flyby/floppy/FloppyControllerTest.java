package flyby.floppy;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.Transaction.Kind;
import flyby.floppy.layout.FloppyRegisters;
import flyby.sim.Event;
import flyby.sim.Time;
import flyby.workbench.TestHost;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The controller as a driver meets it, with a DMA channel that serves it after a time of the test's choice. Bytes
/// of commands are typed from the data sheet, not taken from our constants.
final class FloppyControllerTest {
    private static final int DOR = 2;
    private static final int MSR = 4;
    private static final int FIFO = 5;
    private static final int CCR = 7;
    private static final long BYTE = 16 * Time.MICROSECOND;
    private static final long TURN = 200 * Time.MILLISECOND;

    private final TestHost host = new TestHost();
    private final TellingDiskette diskette = new TellingDiskette(DisketteFormat.HIGH_DENSITY);
    private final FloppyController floppy = new FloppyController(host, diskette, TURN);
    private final List<Long> requests = new ArrayList<>();
    private final List<Byte> received = new ArrayList<>();
    private final Event service = host.simulation().event("service", this::serve);
    private long latencyPicos = Time.MICROSECOND;
    private int count = Integer.MAX_VALUE;
    private int moved;
    private boolean isToDevice;

    @BeforeEach
    void motorOnRate500() {
        floppy.wire(this::request);
        write(DOR, 0x1c);
        write(CCR, 0);
        for (int drive = 0; drive < 4; drive++) {
            command(0x08);
            result(2);
        }
        // SRT 1: 15 ms a step. HUT 15. HLT 1: 2 ms.
        command(0x03, 0x1f, 0x02);
    }

    @Test
    void itsRegistersAreThese() {
        assertThat(FloppyRegisters.MAP.describe()).isEqualTo("""
                        Floppy-disk controller
                        0x02 1 READ_WRITE DOR
                              1:0  DRIVE
                              2:2  NOT_RESET
                              3:3  DMA_GATE
                              4:4  MOTOR_0
                        0x04 1 READ_ONLY  MAIN_STATUS
                              3:0  SEEKING
                              4:4  BUSY
                              6:6  DIO
                              7:7  RQM
                        0x05 1 READ_WRITE DATA
                        0x07 1 WRITE_ONLY CCR
                              1:0  RATE
                        """);
    }

    @Test
    void afterAResetFourDrivesWereFoundReady() {
        write(DOR, 0x18);
        assertThat(read(MSR)).isZero();
        write(DOR, 0x1c);
        assertThat(host.isInterrupted()).isTrue();

        for (int drive = 0; drive < 4; drive++) {
            command(0x08);
            assertThat(result(2)).containsExactly(0xc0 + drive, 0);
        }
        assertThat(host.isInterrupted()).isFalse();
        command(0x08);
        assertThat(result(1)).containsExactly(0x80);
    }

    @Test
    void aCommandThatItDoesNotKnowIsInvalid() {
        command(0x10);

        assertThat(read(MSR)).isEqualTo(0xd0);
        assertThat(result(1)).containsExactly(0x80);
        assertThat(read(MSR)).isEqualTo(0x80);
    }

    /// SRT 1 (16 - 15 ms a step): 7 cylinders are 7 ms.
    @Test
    void aSeekTakesItsStepsAndTellsWhereItIs() {
        command(0x03, 0xff, 0x02);
        command(0x0f, 0, 7);
        assertThat(read(MSR)).isEqualTo(0x81);

        at(7 * Time.MILLISECOND - 1);
        assertThat(host.isInterrupted()).isFalse();
        at(7 * Time.MILLISECOND);
        assertThat(host.isInterrupted()).isTrue();
        command(0x08);
        assertThat(result(2)).containsExactly(0x20, 7);
        assertThat(host.isInterrupted()).isFalse();

        command(0x07, 0);
        at(14 * Time.MILLISECOND);
        command(0x08);
        assertThat(result(2)).containsExactly(0x20, 0);
    }

    /// The head is loaded at 2 ms. Sector 1 begins 146 bytes behind the index hole, its ID field ends after 22, its
    /// data come after another 38: the first byte is whole after 207 bytes. That is 3.3 ms into the turn, and the
    /// ID was not over before the head was loaded.
    @Test
    void aSectorsBytesComeAtTheTrackPaceFromWhereTheyStand() {
        count = 512;
        readSectors(0, 0, 1, 18);
        run();

        assertThat(requests).hasSize(512);
        assertThat(requests.getFirst()).isEqualTo(207 * BYTE);
        assertThat(requests.get(511)).isEqualTo((207 + 511) * BYTE);
        assertThat(received).containsExactlyElementsOf(list(diskette.sector(0)));
        // C, H, R, N: where a next command would go on.
        assertThat(result(7)).containsExactly(0x00, 0, 0, 0, 0, 2, 2);
    }

    /// Sector 2 is 22 + 38 + 512 + 2 + 108 = 682 bytes behind sector 1; after it, the interrupt comes with its CRC.
    @Test
    void sectorsFollowEachOtherInOneTurn() {
        count = 1_024;
        readSectors(0, 0, 1, 18);
        run();

        assertThat(requests.get(512)).isEqualTo((207 + 682) * BYTE);
        assertThat(host.simulation().nowPicos()).isEqualTo((206 + 682 + 512 + 2) * BYTE);
        assertThat(host.isInterrupted()).isTrue();
        result(1);
        assertThat(host.isInterrupted()).isFalse();
    }

    @Test
    void aSectorThatHasPassedComesATurnLater() {
        at(5 * Time.MILLISECOND);
        count = 512;
        readSectors(0, 0, 1, 18);
        run();

        assertThat(requests.getFirst()).isEqualTo(TURN + 207 * BYTE);
    }

    @Test
    void aByteNotTakenBeforeTheNextIsAnOverrun() {
        latencyPicos = BYTE + 1;
        readSectors(0, 0, 1, 18);
        run();

        assertThat(host.simulation().nowPicos()).isEqualTo(208 * BYTE);
        assertThat(result(7)).containsExactly(0x40, 0x10, 0, 0, 0, 1, 2);
    }

    @Test
    void aByteTakenJustInTimeIsNone() {
        latencyPicos = BYTE - 1;
        count = 512;
        readSectors(0, 0, 1, 18);
        run();

        assertThat(result(7)).startsWith(0x00, 0, 0);
    }

    @Test
    void withoutTerminalCountTheTracksEndIsAnError() {
        readSectors(0, 0, 17, 18);
        run();

        assertThat(received).hasSize(1_024);
        assertThat(result(7)).containsExactly(0x40, 0x80, 0, 1, 0, 1, 2);
    }

    @Test
    void multiTrackGoesOnUnderTheOtherHead() {
        count = 1_024;
        command(0xe6, 0, 0, 0, 18, 2, 18, 0x1b, 0xff);
        run();

        assertThat(received.subList(512, 1_024)).containsExactlyElementsOf(list(diskette.sector(18)));
        // ST0.H is the head that is now selected.
        assertThat(result(7)).containsExactly(0x04, 0, 0, 0, 1, 2, 2);
    }

    @Test
    void whatIsWrittenIsReadBack() {
        byte[] before = diskette.sector(4).clone();
        isToDevice = true;
        count = 512;
        command(0x45, 0, 0, 0, 4, 2, 18, 0x1b, 0xff);
        run();

        assertThat(result(7)).startsWith(0x00, 0, 0);
        for (int i = 0; i < 512; i++) {
            assertThat(diskette.sector(3)[i]).isEqualTo((byte) i);
        }
        assertThat(diskette.sector(4)).isEqualTo(before);
    }

    @Test
    void whatTerminalCountLeavesOfASectorIsZeros() {
        isToDevice = true;
        count = 100;
        command(0x45, 0, 0, 0, 4, 2, 18, 0x1b, 0xff);
        run();

        assertThat(result(7)).startsWith(0x00, 0, 0);
        assertThat(diskette.sector(3)[99]).isEqualTo((byte) 99);
        assertThat(Arrays.copyOfRange(diskette.sector(3), 100, 512)).containsOnly(0);
    }

    @Test
    void aByteNotBroughtInTimeIsAnOverrunToo() {
        byte[] before = diskette.sector(3).clone();
        latencyPicos = BYTE + 1;
        isToDevice = true;
        command(0x45, 0, 0, 0, 4, 2, 18, 0x1b, 0xff);
        run();

        assertThat(result(7)).startsWith(0x40, 0x10, 0);
        assertThat(diskette.sector(3)).isEqualTo(before);
    }

    @Test
    void aProtectedDisketteIsNotWritten() {
        diskette.protect();
        command(0x45, 0, 0, 0, 4, 2, 18, 0x1b, 0xff);

        assertThat(result(7)).startsWith(0x40, 0x02, 0);
    }

    @Test
    void aSectorThatIsNotThereIsSoughtForTwoTurns() {
        readSectors(0, 0, 19, 20);
        run();

        assertThat(host.simulation().nowPicos()).isEqualTo(2 * TURN);
        assertThat(result(7)).startsWith(0x40, 0x04, 0);
    }

    @Test
    void theHeadsOnAnotherCylinderFindTheWrongOne() {
        readSectors(3, 0, 1, 18);
        run();

        assertThat(result(7)).startsWith(0x40, 0x04, 0x10);
    }

    @Test
    void atTheWrongRateNothingCanBeRead() {
        write(CCR, 2);
        readSectors(0, 0, 1, 18);
        run();

        assertThat(result(7)).startsWith(0x40, 0x01, 0);
    }

    /// H says side 1, and HDS selects side 0, or the other way round: no ID field there is the one wanted.
    @Test
    void theSideIsSelectedByHdsAndComparedWithH() {
        command(0x46, 0, 0, 1, 1, 2, 18, 0x1b, 0xff);
        run();
        assertThat(result(7)).containsExactly(0x40, 0x04, 0, 0, 1, 1, 2);

        command(0x46, 4, 0, 0, 1, 2, 18, 0x1b, 0xff);
        run();
        assertThat(result(7)).containsExactly(0x44, 0x04, 0, 0, 0, 1, 2);

        count = 512;
        readSectors(0, 1, 1, 18);
        run();
        assertThat(result(7)).containsExactly(0x04, 0, 0, 0, 1, 2, 2);
        assertThat(received).containsExactlyElementsOf(list(diskette.sector(18)));
    }

    @Test
    void inSingleDensityNothingCanBeRead() {
        command(0x06, 0, 0, 0, 1, 2, 18, 0x1b, 0xff);
        run();

        assertThat(result(7)).startsWith(0x40, 0x01, 0);
    }

    /// 80 cylinders. The controller counts 90 steps, the head comes to a stop after 79; ten back from there is 69.
    @Test
    void aSeekBeyondTheLastCylinderIsBelievedAndRecalibrated() {
        seek(90);
        assertThat(result(2)).containsExactly(0x20, 90);
        seek(80);
        assertThat(result(2)).containsExactly(0x20, 80);
        readSectors(80, 0, 1, 18);
        run();
        assertThat(result(7)).startsWith(0x40, 0x04, 0x10);
        count = 512;
        readSectors(69, 0, 1, 18);
        run();
        assertThat(result(7)).startsWith(0x00, 0, 0, 69);

        long from = host.simulation().nowPicos();
        command(0x07, 0);
        run();
        assertThat(host.simulation().nowPicos() - from).isEqualTo(69 * 15 * Time.MILLISECOND);
        command(0x08);
        assertThat(result(2)).containsExactly(0x20, 0);
    }

    /// SRT 1: 15 ms a step.
    @Test
    void seeksOfADriveThatIsNotThereEndAbnormally() {
        command(0x0f, 2, 7);
        assertThat(read(MSR)).isEqualTo(0x84);
        run();
        assertThat(host.isInterrupted()).isTrue();
        command(0x08);
        assertThat(result(2)).containsExactly(0x6a, 0);
        assertThat(host.isInterrupted()).isFalse();

        long from = host.simulation().nowPicos();
        command(0x07, 3);
        run();
        assertThat(host.simulation().nowPicos() - from).isEqualTo(79 * 15 * Time.MILLISECOND);
        command(0x08);
        assertThat(result(2)).containsExactly(0x73, 0);
    }

    /// Drive 1 has nothing to wait for; drive 0 has still its steps to make.
    @Test
    void seeksOfTwoDrivesOverlap() {
        command(0x0f, 0, 2);
        command(0x0f, 1, 2);
        assertThat(read(MSR)).isEqualTo(0x83);
        at(Time.MILLISECOND);
        assertThat(read(MSR)).isEqualTo(0x81);
        command(0x08);
        assertThat(result(2)).containsExactly(0x69, 0);
        run();
        command(0x08);
        assertThat(result(2)).containsExactly(0x20, 2);
    }

    @Test
    void thereIsOneDrive() {
        command(0x46, 1, 0, 0, 1, 2, 18, 0x1b, 0xff);

        assertThat(result(7)).startsWith(0x49, 0, 0);
    }

    @Test
    void withTheGateClosedNeitherDreqNorInterruptIsSeen() {
        write(DOR, 0x14);
        readSectors(0, 0, 1, 18);
        run();

        assertThat(requests).isEmpty();
        assertThat(host.isInterrupted()).isFalse();
        assertThat(result(7)).startsWith(0x40, 0x10);
    }

    @Test
    void aResetEndsACommand() {
        readSectors(0, 0, 1, 18);
        at(5 * Time.MILLISECOND);
        write(DOR, 0x18);
        run();

        assertThat(requests.size()).isLessThan(512);
        write(DOR, 0x1c);
        assertThat(read(MSR)).isEqualTo(0x80);
    }

    /// Both formats fill their track but for GAP4b: 6,250 bytes at 250 kbit/s, 12,500 at 500.
    @Test
    void theFormatsFitTheirTracks() {
        assertThat(DisketteFormat.HIGH_DENSITY.trackBytes()).isEqualTo(146 + 18 * 682);
        assertThat(DisketteFormat.HIGH_DENSITY.byteCount()).isEqualTo(1_474_560);
        assertThat(DisketteFormat.DOUBLE_DENSITY.trackBytes()).isEqualTo(146 + 9 * 654);
        assertThat(DisketteFormat.DOUBLE_DENSITY.byteCount()).isEqualTo(737_280);
        assertThat(DisketteFormat.DOUBLE_DENSITY.bytePicos()).isEqualTo(32 * Time.MICROSECOND);
    }

    private void seek(int cylinder) {
        command(0x0f, 0, cylinder);
        run();
        command(0x08);
    }

    private void readSectors(int cylinder, int head, int sector, int last) {
        command(0x46, head << 2, cylinder, head, sector, 2, last, 0x1b, 0xff);
    }

    private void request(boolean asserted) {
        if (asserted) {
            requests.add(host.nowPicos());
            service.in(latencyPicos);
        } else {
            service.cancel();
        }
    }

    private void serve() {
        byte[] data = {(byte) moved};
        moved++;
        if (isToDevice) {
            assertThat(floppy.ready(Kind.READ)).isEqualTo(1);
            floppy.take(data, 1);
        } else {
            assertThat(floppy.ready(Kind.WRITE)).isEqualTo(1);
            floppy.give(data, 1);
            received.add(data[0]);
        }
        if (moved == count) {
            floppy.terminalCount();
        }
    }

    private void command(int... octets) {
        for (int octet : octets) {
            assertThat(read(MSR) & 0xc0).isEqualTo(0x80);
            write(FIFO, octet);
        }
    }

    private List<Integer> result(int resultBytes) {
        List<Integer> result = new ArrayList<>();
        for (int i = 0; i < resultBytes; i++) {
            assertThat(read(MSR) & 0xc0).isEqualTo(0xc0);
            result.add((int) floppy.readRegister(0, FIFO, 1) & 0xff);
        }
        return result;
    }

    private void at(long timePicos) {
        host.simulation().runUntil(timePicos);
    }

    private void run() {
        host.simulation().run();
    }

    private int read(int port) {
        return (int) floppy.readRegister(0, port, 1);
    }

    private void write(int port, int value) {
        floppy.writeRegister(0, port, 1, value);
    }

    private static List<Byte> list(byte[] bytes) {
        List<Byte> list = new ArrayList<>();
        for (byte each : bytes) {
            list.add(each);
        }
        return list;
    }
}
