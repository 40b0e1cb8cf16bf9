package flyby.i8237;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/// The second model against the timing diagrams of the data sheet, read by eye: one line for each half of a clock.
class ReferenceChipTest {
    private final RecordingWiring wiring = new RecordingWiring();
    private final ReferenceChip chip = new ReferenceChip(wiring);

    /// Figure 11, "DMA Transfer": the last byte of a demand service that reads from memory.
    @Test
    void oneTransferWithAWaitState() {
        program(0x08, 0x1234, 0);
        assertEquals("""
                SI
                SI HRQ
                S0 HRQ
                S0 HRQ
                S1 HRQ AEN
                S1 HRQ AEN ADSTB A=34 DB=12
                S2 HRQ AEN ADSTB A=34 DB=12 DACK
                S2 HRQ AEN A=34 DACK MEMR
                S3 HRQ AEN A=34 DACK MEMR
                S3 HRQ AEN A=34 DACK MEMR IOW EOP
                SW HRQ AEN A=34 DACK MEMR IOW EOP
                SW HRQ AEN A=34 DACK MEMR IOW EOP
                S4 HRQ AEN A=34 DACK MEMR IOW EOP
                S4 AEN A=34 DACK
                SI AEN A=34
                SI
                """, picture(8, 1));
    }

    /// Figure 14, "Compressed Transfer".
    @Test
    void compressedTransfer() {
        program(0x04, 0x1234, 0);
        chip.write(0x8, 0x08);
        assertEquals("""
                SI
                SI HRQ
                S0 HRQ
                S0 HRQ
                S1 HRQ AEN
                S1 HRQ AEN ADSTB A=34 DB=12
                S2 HRQ AEN ADSTB A=34 DB=12 DACK
                S2 HRQ AEN A=34 DACK IOR MEMW EOP
                S4 HRQ AEN A=34 DACK IOR MEMW EOP
                S4 AEN A=34 DACK
                SI AEN A=34
                SI
                """, picture(6, 0));
    }

    /// Figure 12, "Memory-to-Memory Transfer". No DACK; EOP comes with the write.
    @Test
    void memoryToMemoryTransfer() {
        program(0x80, 0x1234, 0);
        chip.dreq(0, false);
        chip.write(0xb, 0x81);
        chip.writeWord(2, 0x5678);
        chip.writeWord(3, 0);
        chip.write(0x8, 0x01);
        chip.write(0x9, 0x04);
        assertEquals("""
                SI
                SI HRQ
                S0 HRQ
                S0 HRQ
                S11 HRQ AEN
                S11 HRQ AEN ADSTB A=34 DB=12
                S12 HRQ AEN ADSTB A=34 DB=12
                S12 HRQ AEN A=34 MEMR
                S13 HRQ AEN A=34 MEMR
                S13 HRQ AEN A=34 MEMR
                S14 HRQ AEN A=34 MEMR
                S14 HRQ AEN A=34
                S21 HRQ AEN A=34
                S21 HRQ AEN ADSTB A=78 DB=56
                S22 HRQ AEN ADSTB A=78 DB=56
                S22 HRQ AEN A=78 DB=7c
                S23 HRQ AEN A=78 DB=7c
                S23 HRQ AEN A=78 DB=7c MEMW EOP
                S24 HRQ AEN A=78 DB=7c MEMW EOP
                S24 AEN A=78 DB=7c
                SI AEN A=78 DB=7c
                SI
                """, picture(11, 0));
        // 7c is 12 xor 34 xor 5a, the byte that memory has there.
        assertEquals(0x7c, chip.read(0xd));
    }

    /// Programs channel 0 and asks for it.
    private void program(int mode, int address, int count) {
        chip.write(0xb, mode);
        chip.writeWord(0, address);
        chip.writeWord(1, count);
        chip.write(0xe, 0);
        chip.dreq(0, true);
    }

    /// HLDA follows HRQ within half a clock; READY is low until `waitStates` have passed.
    private String picture(int clocks, int waitStates) {
        int waits = waitStates;
        chip.ready(waits == 0);
        StringBuilder text = new StringBuilder();
        for (int clock = 0; clock < clocks; clock++) {
            chip.clockFalls();
            text.append(line(chip.pins()));
            chip.hlda(chip.pins().hrq());
            chip.clockRises();
            text.append(line(chip.pins()));
            waits -= chip.state() == State.SW ? 1 : 0;
            chip.ready(waits == 0);
        }
        return text.toString();
    }

    private static String line(Pins pins) {
        String line = pins.state()
                + (pins.hrq() ? " HRQ" : "")
                + (pins.aen() ? " AEN" : "")
                + (pins.adstb() ? " ADSTB" : "")
                + (pins.address() < 0 ? "" : " A=" + Integer.toHexString(pins.address()))
                + (pins.data() < 0 ? "" : " DB=" + Integer.toHexString(pins.data()))
                + (pins.dack() == 0xf ? "" : " DACK")
                + (pins.ior() ? "" : " IOR")
                + (pins.memr() ? "" : " MEMR")
                + (pins.iow() ? "" : " IOW")
                + (pins.memw() ? "" : " MEMW")
                + (pins.eop() ? "" : " EOP");
        return line + "\n";
    }
}
