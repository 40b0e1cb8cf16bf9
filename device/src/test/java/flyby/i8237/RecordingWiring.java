package flyby.i8237;

import java.util.ArrayList;
import java.util.List;

/// Writes down what a chip moves. Memory holds at each address a byte that depends on both halves of the address.
final class RecordingWiring implements Wiring {
    /// One byte moved, or read or written on its way from memory to memory.
    record Moved(String what, int address, int value, boolean terminalCount) {}

    private final List<Moved> moved = new ArrayList<>();
    private boolean holds;
    private int acknowledged;

    static int memory(int address) {
        return (address ^ (address >> 8) ^ 0x5a) & 0xff;
    }

    List<Moved> moved() {
        return moved;
    }

    boolean holds() {
        return holds;
    }

    /// The channels that were acknowledged last, a bit each.
    int acknowledged() {
        return acknowledged;
    }

    @Override
    public void holdRequest(boolean asserted) {
        holds = asserted;
    }

    @Override
    public void acknowledge(int channel, boolean asserted) {
        acknowledged = asserted ? acknowledged | (1 << channel) : acknowledged & ~(1 << channel);
    }

    @Override
    public void transfer(int channel, TransferType type, int address, boolean terminalCount) {
        moved.add(new Moved(type + " channel", address, channel, terminalCount));
    }

    @Override
    public int memoryRead(int address) {
        moved.add(new Moved("memory read", address, memory(address), false));
        return memory(address);
    }

    @Override
    public void memoryWrite(int address, int value, boolean terminalCount) {
        moved.add(new Moved("memory write", address, value, terminalCount));
    }
}
