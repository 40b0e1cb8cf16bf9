package flyby.root;

import flyby.base.LittleEndian;
import flyby.sim.Coroutine;

/// Configuration space through the memory window of section 7.2.2, by real requests that take their time.
public final class EcamAccess implements ConfigurationAccess {
    private final ProcessorPort port;
    private final RootWindows windows;
    private final Coroutine process;
    private final byte[] data = new byte[4];
    private boolean done;
    private long value;

    /// @param process who accesses, and waits
    public EcamAccess(ProcessorPort port, RootWindows windows, Coroutine process) {
        this.port = port;
        this.windows = windows;
        this.process = process;
    }

    @Override
    public long read(int id, int register, int byteCount) {
        done = false;
        port.read(windows.configurationAddress(id, register), byteCount, 0, this::answered);
        await("a configuration register");
        return value & LittleEndian.ones(byteCount);
    }

    @Override
    public void write(int id, int register, int byteCount, long newValue) {
        LittleEndian.put(newValue, data, 0, byteCount);
        done = port.write(windows.configurationAddress(id, register), data, 0, byteCount, 0, () -> answered(0));
        await("a configuration write");
    }

    private void await(String what) {
        while (!done) {
            process.park(what);
        }
    }

    private void answered(long newValue) {
        value = newValue;
        done = true;
        process.wake();
    }
}
