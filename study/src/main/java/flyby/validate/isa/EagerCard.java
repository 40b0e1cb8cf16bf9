package flyby.validate.isa;

import flyby.bus.DmaChannel;
import flyby.bus.DmaPeripheral;
import flyby.bus.Transaction.Kind;
import java.io.ByteArrayOutputStream;

/// A card that asks for DMA without a pause, from its start until TC. It gives bytes that count up from 1 and keeps
/// those that it takes.
final class EagerCard implements DmaPeripheral {
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private DmaChannel channel = _ -> {};
    private int given;
    private int terminalCounts;

    void wire(DmaChannel dreq) {
        channel = dreq;
    }

    /// Raises DREQ.
    void start() {
        channel.request(true);
    }

    int given() {
        return given;
    }

    byte[] taken() {
        return taken.toByteArray();
    }

    int terminalCounts() {
        return terminalCounts;
    }

    @Override
    public int ready(Kind kind) {
        return Integer.MAX_VALUE;
    }

    @Override
    public void give(byte[] data, int byteCount) {
        for (int i = 0; i < byteCount; i++) {
            data[i] = (byte) ++given;
        }
    }

    @Override
    public void take(byte[] data, int byteCount) {
        taken.write(data, 0, byteCount);
    }

    @Override
    public void terminalCount() {
        terminalCounts++;
        channel.request(false);
    }
}
