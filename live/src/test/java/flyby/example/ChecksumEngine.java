package flyby.example;

import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.bus.Transaction.Tenure;
import flyby.function.BaseAddress;
import flyby.function.FunctionDescription;
import flyby.sim.Alarm;
import flyby.sim.Time;
import flyby.vfio.DeviceServer;
import java.nio.file.Path;
import java.util.zip.CRC32;

/// A device that computes the CRC-32 of a piece of memory.
///
/// Software writes ADDRESS and LENGTH and then 1 to COMMAND; STATUS says 1 while the engine works, 2 when RESULT is
/// there, 3 if memory did not answer. Then vector 0 is asserted, until 0 is written to COMMAND.
public final class ChecksumEngine implements Device {
    public static final int ADDRESS = 0x00;
    public static final int LENGTH = 0x08;
    public static final int COMMAND = 0x0c;
    public static final int STATUS = 0x10;
    public static final int RESULT = 0x14;

    private static final int UNIT_BYTES = 4_096;
    private static final long UNIT_PICOS = Time.MICROSECOND;
    private static final int VECTOR = 0;

    private static final int IDLE = 0;
    private static final int BUSY = 1;
    private static final int DONE = 2;
    private static final int FAILED = 3;

    private final DeviceHost host;
    private final Alarm nextUnit;
    private final Transaction read = new Transaction(this::arrived, UNIT_BYTES);
    private final CRC32 sum = new CRC32();
    private long address;
    private long lengthBytes;
    private long doneBytes;
    private int status;
    /// The answer that is on its way belongs to a life before the last reset.
    private boolean isStale;

    public ChecksumEngine(DeviceHost host) {
        this.host = host;
        nextUnit = host.alarm("next unit", this::nextUnit);
    }

    /// What a guest's PCI finds.
    public static FunctionDescription description() {
        return FunctionDescription.of(0xf1b0, 0x0100, 0xff_0000)
                .with(BaseAddress.memory32(0, 4_096))
                .withPin(1)
                .withMsi(1);
    }

    @Override
    public long readRegister(int region, long offset, int byteCount) {
        return switch ((int) offset) {
            case ADDRESS -> address;
            case LENGTH -> lengthBytes;
            case STATUS -> status;
            case RESULT -> sum.getValue();
            default -> ABSENT;
        };
    }

    @Override
    public void writeRegister(int region, long offset, int byteCount, long value) {
        if (offset == COMMAND && (value & 1) == 0) {
            host.interrupt(VECTOR, false);
        } else if (status != BUSY) {
            switch ((int) offset) {
                case ADDRESS -> address = value;
                case LENGTH -> lengthBytes = value & 0xffff_ffffL;
                case COMMAND -> begin();
                default -> {
                    // The others can only be read, and between them there is nothing.
                }
            }
        }
    }

    private void begin() {
        status = BUSY;
        doneBytes = 0;
        sum.reset();
        nextUnit.in(UNIT_PICOS);
    }

    /// One unit each time the alarm fires: a length of 4 GiB takes long, but no event does.
    private void nextUnit() {
        int byteCount = (int) Math.min(UNIT_BYTES, lengthBytes - doneBytes);
        if (byteCount == 0) {
            end(DONE);
        } else if (read.isFree()) {
            read.begin(Kind.READ, address + doneBytes, byteCount, Tenure.RELEASE, 0);
            host.submit(read);
        } else {
            nextUnit.in(UNIT_PICOS);
        }
    }

    /// Memory has answered: in the call of submit, or whenever the host likes.
    private void arrived(Transaction done, Status how) {
        if (isStale) {
            isStale = false;
        } else if (how != Status.SUCCESS) {
            end(FAILED);
        } else {
            sum.update(done.data(), 0, done.byteCount());
            doneBytes += done.byteCount();
            nextUnit.in(UNIT_PICOS);
        }
    }

    private void end(int how) {
        status = how;
        host.interrupt(VECTOR, true);
    }

    @Override
    public void reset() {
        nextUnit.cancel();
        isStale = !read.isFree();
        address = 0;
        lengthBytes = 0;
        status = IDLE;
        sum.reset();
        host.interrupt(VECTOR, false);
    }

    /// Serves one at the socket in `arguments[0]` until it is interrupted.
    public static void main(String[] arguments) throws InterruptedException {
        Path socket = Path.of(arguments[0]);
        DeviceServer.Options options = new DeviceServer.Options(-1, null, System.err::println);
        try (DeviceServer server = DeviceServer.serve(socket, description(), ChecksumEngine::new, options)) {
            server.join();
        }
    }
}
