package flyby.machine;

import flyby.base.Check;
import flyby.base.LittleEndian;
import flyby.configuration.layout.CapabilityIds;
import flyby.configuration.layout.ExpressRegisters;
import flyby.configuration.layout.HeaderRegisters;
import flyby.pcie.TagWidth;
import flyby.root.ProcessorPort;
import flyby.root.RootPort;
import flyby.root.RootWindows;
import flyby.sim.Simulation;
import flyby.sim.Time;
import java.util.function.BooleanSupplier;

/// Sets up one function behind one root port, as firmware and an operating system do it: by configuration requests.
final class Firmware {
    private static final int BUS = 1;
    private static final int FUNCTION = BUS << 8;
    private static final long UNANSWERED = -1;
    /// A request that nobody answers is over before that.
    private static final long PATIENCE_PICOS = Time.SECOND;

    private final Simulation simulation;
    private final ProcessorPort processor;
    private final RootWindows windows;

    Firmware(Simulation simulation, ProcessorPort processor, RootWindows windows) {
        this.simulation = simulation;
        this.processor = processor;
        this.windows = windows;
    }

    /// Bus numbers, permission to reach memory, and how large packets are.
    void openPort(RootPort port, int maxPayloadBytes) {
        write(port.id(), HeaderRegisters.SECONDARY_BUS, 1, BUS);
        write(port.id(), HeaderRegisters.SUBORDINATE_BUS, 1, BUS);
        write(
                port.id(),
                express(port.id()) + ExpressRegisters.DEVICE_CONTROL,
                2,
                ExpressRegisters.DEVICE_MAX_PAYLOAD.to(code(maxPayloadBytes)));
        write(port.id(), HeaderRegisters.COMMAND, 2, HeaderRegisters.COMMAND_BUS_MASTER_ENABLE.mask());
    }

    /// The first function behind the port: how large packets are, how many tags there are, and permission to reach
    /// memory.
    void openFunction(int maxPayloadBytes, int maxReadRequestBytes, TagWidth tags) {
        int express = express(FUNCTION);
        long control = ExpressRegisters.DEVICE_MAX_PAYLOAD.to(code(maxPayloadBytes))
                | ExpressRegisters.DEVICE_MAX_READ_REQUEST.to(code(maxReadRequestBytes))
                | ExpressRegisters.DEVICE_EXTENDED_TAG.to(tags == TagWidth.FIVE_BITS ? 0 : 1);
        write(FUNCTION, express + ExpressRegisters.DEVICE_CONTROL, 2, control);
        write(
                FUNCTION,
                express + ExpressRegisters.DEVICE_CONTROL_2,
                2,
                ExpressRegisters.DEVICE_2_TEN_BIT_REQUESTER.to(tags == TagWidth.TEN_BITS ? 1 : 0));
        write(FUNCTION, HeaderRegisters.COMMAND, 2, HeaderRegisters.COMMAND_BUS_MASTER_ENABLE.mask());
    }

    /// Where the PCI Express capability is: section 7.5.3.1.
    private int express(int id) {
        int at = (int) read(id, HeaderRegisters.CAPABILITIES_POINTER);
        while (at != 0 && read(id, at) != CapabilityIds.PCI_EXPRESS) {
            at = (int) read(id, at + 1);
        }
        Check.that(at != 0, "function %x is not of PCI Express", id);
        return at;
    }

    /// A register of one byte.
    private long read(int id, int register) {
        long[] answer = {UNANSWERED};
        processor.read(windows.configurationAddress(id, register), 1, 0, value -> answer[0] = value & 0xff);
        await(() -> answer[0] != UNANSWERED);
        return answer[0];
    }

    private void write(int id, int register, int byteCount, long value) {
        byte[] data = new byte[Long.BYTES];
        LittleEndian.put(value, data, 0, byteCount);
        boolean[] done = new boolean[1];
        long address = windows.configurationAddress(id, register);
        done[0] = processor.write(address, data, 0, byteCount, 0, () -> done[0] = true);
        await(() -> done[0]);
    }

    private void await(BooleanSupplier isDone) {
        long until = simulation.nowPicos() + PATIENCE_PICOS;
        while (!isDone.getAsBoolean()) {
            Check.that(simulation.nowPicos() < until, "nobody answers a configuration request");
            simulation.runUntil(simulation.nowPicos() + Time.MICROSECOND);
        }
    }

    /// 128 bytes are 0, each next power of two one more: section 7.5.3.4.
    private static int code(int bytes) {
        return Integer.numberOfTrailingZeros(bytes) - 7;
    }
}
