package flyby.dmac;

import static flyby.dmac.layout.DmacRegisters.ADDRESS;
import static flyby.dmac.layout.DmacRegisters.CONTROL;
import static flyby.dmac.layout.DmacRegisters.COUNT;
import static flyby.dmac.layout.DmacRegisters.MODE;
import static flyby.dmac.layout.DmacRegisters.STATUS;
import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.Device;
import flyby.bus.DmaPeripheral;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Tenure;
import flyby.dmac.layout.DmacRegisters;
import flyby.workbench.TestHost;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What the controller does with its registers, its channel and its host. Values typed in by hand, not from
/// constants.
final class DmacTest {
    private static final long START = 0b01;
    private static final long START_WITH_INTERRUPT = 0b11;
    private static final long BURST = 1;
    private static final long TRANSPARENT = 2;
    private static final long FROM_MEMORY = 0b100;
    private static final long BUSY = 0b001;
    private static final long TC = 0b010;
    private static final long ERROR = 0b100;

    private final TestHost host = new TestHost();
    private final Dmac dmac = new Dmac(host, 2);
    private final Peripheral peripheral = new Peripheral();

    DmacTest() {
        dmac.wire(peripheral);
    }

    @Test
    void itsRegistersAreTheseAndNoOthers() {
        assertThat(DmacRegisters.MAP.describe()).isEqualTo("""
                        Classic DMA controller
                        0x00 4 READ_WRITE ADDRESS
                        0x04 4 READ_WRITE COUNT
                             15:0  COUNT
                        0x08 4 READ_WRITE MODE
                              1:0  TENURE
                              2:2  FROM_MEMORY
                        0x0c 4 READ_WRITE CONTROL
                              0:0  START
                              1:1  INTERRUPT_ENABLE
                        0x10 4 READ_WRITE STATUS
                              0:0  BUSY
                              1:1  TC
                              2:2  ERROR
                        """);
        assertThat(read(0x14)).isEqualTo(Device.ABSENT);
    }

    @Test
    void aCountOfNMovesNPlusOneBytes() {
        peripheral.bytes = 100;
        program(16, 4, 0, START_WITH_INTERRUPT);
        host.simulation().run();

        assertThat(host.memory()).startsWith(new byte[16]).contains(1, 2, 3, 4, 5);
        assertThat(host.memory()[20]).isEqualTo((byte) 5);
        assertThat(host.memory()[21]).isZero();
        assertThat(peripheral.bytes).isEqualTo(95);
        assertThat(read(STATUS)).isEqualTo(TC);
        assertThat(read(COUNT)).as("rolls over from 0000 to FFFF at TC").isEqualTo(0xffff);
        assertThat(read(ADDRESS)).isEqualTo(21);
        assertThat(peripheral.terminalCounts).isEqualTo(1);
        assertThat(host.isInterrupted()).isTrue();
    }

    @Test
    void theInterruptStaysUntilTheDriverTakesItBack() {
        peripheral.bytes = 1;
        program(0, 0, 0, START_WITH_INTERRUPT);
        host.simulation().run();

        dmac.writeRegister(0, STATUS, 4, ERROR);
        assertThat(host.isInterrupted()).isTrue();
        dmac.writeRegister(0, STATUS, 4, TC);
        assertThat(host.isInterrupted()).isFalse();
        assertThat(read(STATUS)).isZero();
    }

    @Test
    void withoutInterruptEnableThereIsNone() {
        peripheral.bytes = 1;
        program(0, 0, 0, START);
        host.simulation().run();

        assertThat(read(STATUS)).isEqualTo(TC);
        assertThat(host.isInterrupted()).isFalse();
    }

    @Test
    void eachModeAsksForTheBusInItsWay() {
        assertThat(tenures(0)).containsExactly(Tenure.RELEASE, Tenure.RELEASE, Tenure.RELEASE);
        assertThat(tenures(BURST)).containsExactly(Tenure.HOLD, Tenure.HOLD, Tenure.RELEASE);
        assertThat(tenures(TRANSPARENT)).containsExactly(Tenure.HIDDEN, Tenure.HIDDEN, Tenure.HIDDEN);
    }

    @Test
    void itWaitsForThePeripheralsRequest() {
        program(0, 3, 0, START);
        host.simulation().run();
        assertThat(read(STATUS)).isEqualTo(BUSY);

        peripheral.bytes = 4;
        dmac.request(true);
        host.simulation().run();
        assertThat(read(STATUS)).isEqualTo(TC);
    }

    @Test
    void itReadsMemoryForThePeripheral() {
        host.memory()[7] = 70;
        host.memory()[8] = 80;
        host.memory()[9] = 90;
        peripheral.bytes = 100;
        program(7, 2, FROM_MEMORY, START);
        host.simulation().run();

        assertThat(peripheral.taken).containsExactly(70, 80, 90);
    }

    /// A peripheral may answer a byte with DREQ at once: the next cycle must find address and count moved on.
    @Test
    void aRequestInTheMiddleOfACycleIsNotServedTwice() {
        for (int i = 0; i < 9; i++) {
            host.memory()[i] = (byte) i;
        }
        peripheral.bytes = 100;
        peripheral.asksAtOnce = true;
        program(0, 8, FROM_MEMORY | BURST, START);
        host.simulation().run();

        assertThat(peripheral.taken).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8);
    }

    @Test
    void startingABusyControllerDoesNothing() {
        program(0, 3, 0, START);
        program(64, 1, 0, START);
        assertThat(read(STATUS)).isEqualTo(BUSY);
    }

    @Test
    void anAddressWhereNothingAnswersEndsTheTransfer() {
        peripheral.bytes = 100;
        program(254, 9, BURST, START_WITH_INTERRUPT);
        host.simulation().run();

        assertThat(read(STATUS)).isEqualTo(ERROR);
        assertThat(host.isInterrupted()).isTrue();
        assertThat(read(ADDRESS)).isEqualTo(256);
    }

    @Test
    void afterAResetNothingHappens() {
        peripheral.bytes = 100;
        program(0, 9, 0, START_WITH_INTERRUPT);
        dmac.reset();
        host.simulation().run();

        assertThat(read(STATUS)).isZero();
        assertThat(host.tenures()).hasSize(1);
        assertThat(host.isInterrupted()).isFalse();
    }

    /// The old access is still on its way when the new transfer starts: it counts for nothing.
    @Test
    void aTransferThatStartsAfterAResetIsWhole() {
        peripheral.bytes = 100;
        program(0, 9, BURST, START);
        dmac.reset();
        program(64, 3, 0, START);
        host.simulation().run();

        assertThat(read(STATUS)).isEqualTo(TC);
        assertThat(read(ADDRESS)).isEqualTo(68);
        assertThat(host.tenures()).hasSize(3);
    }

    @Test
    void theModeIsThatOfTheStart() {
        peripheral.bytes = 100;
        program(0, 5, BURST, START);
        dmac.writeRegister(0, MODE, 4, TRANSPARENT);
        host.simulation().run();

        assertThat(host.tenures()).containsExactly(Tenure.HOLD, Tenure.HOLD, Tenure.RELEASE);
    }

    @Test
    void withoutARequestNothingMoves() {
        peripheral.bytes = 100;
        program(0, 5, BURST, 0);
        dmac.request(false);
        dmac.writeRegister(0, CONTROL, 4, START);
        host.simulation().run();

        assertThat(host.tenures()).isEmpty();
    }

    @Test
    void narrowWritesAreIgnored() {
        dmac.writeRegister(0, COUNT, 4, 0x1234);
        dmac.writeRegister(0, COUNT, 1, 0xff);

        assertThat(read(COUNT)).isEqualTo(0x1234);
    }

    private List<Tenure> tenures(long mode) {
        host.tenures().clear();
        peripheral.bytes = 6;
        program(0, 5, mode, START);
        host.simulation().run();
        return List.copyOf(host.tenures());
    }

    private void program(long address, long count, long mode, long control) {
        dmac.writeRegister(0, ADDRESS, 4, address);
        dmac.writeRegister(0, COUNT, 4, count);
        dmac.writeRegister(0, MODE, 4, mode);
        dmac.writeRegister(0, CONTROL, 4, control);
        dmac.request(peripheral.bytes > 0);
    }

    private long read(int offset) {
        return dmac.readRegister(0, offset, 4);
    }

    /// Gives 1, 2, 3 ..., takes anything.
    private final class Peripheral implements DmaPeripheral {
        private int bytes;
        private byte next = 1;
        private boolean asksAtOnce;
        private int terminalCounts;
        private final List<Integer> taken = new ArrayList<>();

        @Override
        public int ready(Kind kind) {
            return bytes;
        }

        @Override
        public void give(byte[] data, int byteCount) {
            for (int i = 0; i < byteCount; i++) {
                data[i] = next++;
            }
            bytes -= byteCount;
        }

        @Override
        public void take(byte[] data, int byteCount) {
            for (int i = 0; i < byteCount; i++) {
                taken.add((int) data[i]);
            }
            bytes -= byteCount;
            if (asksAtOnce) {
                dmac.request(true);
            }
        }

        @Override
        public void terminalCount() {
            terminalCounts++;
        }
    }
}
