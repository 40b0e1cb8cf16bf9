package flyby.nvme;

import static flyby.nvme.layout.NvmeRegisters.*;

import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.fault.DeviceFaults;

/// An NVM Express controller: NVM Express Base Specification 1.4. Its registers, queues and data structures:
/// `flyby.nvme.layout`.
///
/// ```
///  doorbell --> Queues --> Engine --> AdminCommands, IoCommands --> BlockStore
///               (turns,    (loop)  \--> DataPointer --> DataMover      |
///                fetch)                 (PRPs, SGLs)    (bytes)        v
///  interrupt <-- Vectors <-- Queues <------------------------------ completion
/// ```
/// The controller is one namespace, one power state, and as many pairs of queues as its profile says. What is in
/// the host's memory is untrusted: nothing that stands there makes it fail, or take more than it has set aside.
public final class NvmeController implements Device {
    private static final long UNSIGNED_32 = 0xffff_ffffL;
    /// CAP.TO: 10 s, in 500 ms.
    private static final int TIMEOUT = 20;
    /// CAP.MPSMAX: 64 KiB.
    private static final int PAGE_POWER_MAX = 4;
    private static final int CC_WRITABLE = (int) (CC_EN.mask()
            | CC_CSS.mask()
            | CC_MPS.mask()
            | CC_AMS.mask()
            | CC_SHN.mask()
            | CC_IOSQES.mask()
            | CC_IOCQES.mask());

    private final HostMemory memory;
    private final Engine engine;
    private final Vectors vectors;
    private final Queues queues;
    private final Medium medium;
    private final Features features;
    private final Creation creation;
    private final Events events;
    private final Health health;
    private final Errors errors = new Errors();
    private final LogPages logs;
    private final AdminCommands admin;
    private final IoCommands io;
    private final BlockStore store;

    private int cc;
    private int aqa;
    private long asq;
    private long acq;
    private boolean isReady;
    /// It is disabled, but the host still has accesses of it.
    private boolean isDraining;
    private boolean isFatal;
    private boolean isSubsystemReset;
    private int shutdown;

    /// A controller in its state after power-on.
    ///
    /// @param name how traces call it; names that differ make controllers that tell themselves apart
    public NvmeController(DeviceHost host, String name, NvmeProfile profile, BlockStore store) {
        this.store = store;
        Namespace namespace = new Namespace(store, profile.blockBytes());
        Statistics statistics = new Statistics();
        memory = new HostMemory(host, this::pump);
        Parts parts = new Parts();
        Telling telling = new Telling(host, name);
        engine = new Engine(host, name, memory, telling, parts, Identify.TRANSFER_BYTES_MAX);
        vectors = new Vectors(host, name, profile.vectors());
        queues = new Queues(memory, engine, vectors, parts, profile.queues());
        medium = new Medium(host, name, profile, telling, engine, this::pump);
        events = new Events(engine);
        health = new Health(events);
        features = new Features(host, queues, vectors, health, events, store);
        creation = new Creation(engine, queues, vectors, features);
        logs = new LogPages(host, errors, health, statistics);
        Identify identify = new Identify(name, namespace);
        admin = new AdminCommands(engine, queues, creation, features, events, identify, logs, medium, namespace);
        io = new IoCommands(
                engine, DeviceFaults.of(host), medium, namespace, features, statistics, Identify.TRANSFER_BYTES_MAX);
        reset();
    }

    @Override
    public void reset() {
        memory.forget();
        forget();
        cc = 0;
        aqa = 0;
        asq = 0;
        acq = 0;
        isSubsystemReset = false;
        isDraining = false;
    }

    /// All but the registers that a Controller Reset leaves alone: section 7.3.2.
    private void forget() {
        isReady = false;
        isFatal = false;
        shutdown = SHST_NONE;
        int pageBytes = pageBytes();
        queues.reset();
        medium.reset();
        engine.reset(pageBytes);
        vectors.reset();
        events.reset();
        health.reset();
        logs.reset();
        features.reset();
        creation.reset(pageBytes);
        admin.reset(pageBytes);
    }

    private int pageBytes() {
        return HostMemory.PAGE_BYTES << Math.min(PAGE_POWER_MAX, (int) CC_MPS.of(cc));
    }

    private void pump() {
        engine.run();
    }

    // Registers.

    @Override
    public long readRegister(int region, long offset, int byteCount) {
        if (region != 0 || offset < 0 || (byteCount != 4 && byteCount != 8) || (offset & 3) != 0) {
            return ABSENT;
        }
        long low = readWord(offset);
        return byteCount == 4 ? low : low | (readWord(offset + 4) << 32);
    }

    private long readWord(long offset) {
        if (offset >= DOORBELLS) {
            return 0;
        }
        return UNSIGNED_32
                & switch ((int) offset) {
                    case CAP -> capabilities();
                    case CAP + 4 -> capabilities() >>> 32;
                    case VS -> VERSION_1_4;
                    case INTMS, INTMC -> vectors.mask();
                    case CC -> cc;
                    case CSTS -> status();
                    case AQA -> aqa;
                    case ASQ -> asq;
                    case ASQ + 4 -> asq >>> 32;
                    case ACQ -> acq;
                    case ACQ + 4 -> acq >>> 32;
                    default -> 0;
                };
    }

    private static long capabilities() {
        return CAP_MQES.to(Creation.ENTRIES_MAX - 1)
                | CAP_CQR.to(1)
                | CAP_TO.to(TIMEOUT)
                | CAP_NSSRS.to(1)
                | CAP_CSS.to(1)
                | CAP_MPSMAX.to(PAGE_POWER_MAX);
    }

    private long status() {
        return CSTS_RDY.to(isReady || isDraining ? 1 : 0)
                | CSTS_CFS.to(isFatal ? 1 : 0)
                | CSTS_SHST.to(shutdown)
                | CSTS_NSSRO.to(isSubsystemReset ? 1 : 0);
    }

    @Override
    public void writeRegister(int region, long offset, int byteCount, long value) {
        if (region != 0 || offset < 0 || (byteCount != 4 && byteCount != 8) || (offset & 3) != 0) {
            return;
        }
        writeWord(offset, value & UNSIGNED_32);
        if (byteCount == 8) {
            writeWord(offset + 4, value >>> 32);
        }
        pump();
    }

    private void writeWord(long offset, long value) {
        if (offset >= DOORBELLS) {
            ring(offset, value);
            return;
        }
        switch ((int) offset) {
            case INTMS -> vectors.mask(vectors.mask() | (int) value);
            case INTMC -> vectors.mask(vectors.mask() & ~(int) value);
            case CC -> configure((int) value & CC_WRITABLE);
            case CSTS -> isSubsystemReset &= !CSTS_NSSRO.isSet(value);
            case NSSR -> {
                if (value == NSSR_RESET) {
                    reset();
                    isSubsystemReset = true;
                }
            }
            case AQA -> aqa = CC_EN.isSet(cc) ? aqa : (int) (value & (AQA_ASQS.mask() | AQA_ACQS.mask()));
            case ASQ -> asq = low(asq, value);
            case ASQ + 4 -> asq = high(asq, value);
            case ACQ -> acq = low(acq, value);
            case ACQ + 4 -> acq = high(acq, value);
            default -> {
                // The others can only be read, and between registers there is nothing.
            }
        }
    }

    private long low(long register, long value) {
        long kept = CC_EN.isSet(cc) ? register & UNSIGNED_32 : value & -HostMemory.PAGE_BYTES;
        return (register & ~UNSIGNED_32) | kept;
    }

    private long high(long register, long value) {
        return CC_EN.isSet(cc) ? register : (register & UNSIGNED_32) | value << 32;
    }

    private void ring(long offset, long value) {
        long queue = (offset - DOORBELLS) / DOORBELL_BYTES;
        if (!isReady || isFatal || queue > QUEUES_MAX) {
            return;
        }
        engine.rung();
        int position = (int) (value & 0xffff);
        if ((offset & 4) == 0) {
            queues.ringTail((int) queue, position);
        } else {
            queues.ringHead((int) queue, position);
        }
    }

    private void configure(int value) {
        boolean wasEnabled = CC_EN.isSet(cc);
        boolean isEnabled = CC_EN.isSet(value);
        long wasShutdown = CC_SHN.of(cc);
        if (wasEnabled && isEnabled) {
            // While it is enabled, only the notification may change: section 3.1.5.
            cc = (int) CC_SHN.with(cc, CC_SHN.of(value));
        } else {
            cc = value;
        }
        if (!wasEnabled && isEnabled && !isDraining) {
            enable();
        } else if (wasEnabled && !isEnabled) {
            // What is under way cannot be called back: the host may have its memory when CSTS.RDY is 0.
            memory.forget();
            forget();
            isDraining = memory.isBusy();
        }
        if (CC_SHN.of(cc) != 0 && wasShutdown == 0) {
            shutDown();
        }
    }

    /// Section 7.6.1.
    private void enable() {
        boolean isSound = CC_MPS.of(cc) <= PAGE_POWER_MAX
                && CC_CSS.of(cc) == 0
                && CC_AMS.of(cc) == 0
                && AQA_ASQS.of(aqa) > 0
                && AQA_ACQS.of(aqa) > 0;
        forget();
        if (!isSound) {
            isFatal = true;
            return;
        }
        CompletionQueue answers = new CompletionQueue(0, acq, (int) AQA_ACQS.of(aqa) + 1, 0, true);
        queues.add(answers);
        queues.add(new SubmissionQueue(0, asq, (int) AQA_ASQS.of(aqa) + 1, answers));
        isReady = true;
    }

    /// Section 7.6.2: what has been acknowledged is on the medium when it says that it is done.
    private void shutDown() {
        store.flush();
        shutdown = SHST_COMPLETE;
    }

    /// What the parts ask of each other.
    private final class Parts implements Engine.Wiring, Queues.Complaints {
        @Override
        public Queues queues() {
            return queues;
        }

        @Override
        public Engine.Executor executor(boolean isAdmin) {
            return isAdmin ? admin : io;
        }

        @Override
        public Errors errors() {
            return errors;
        }

        @Override
        public boolean settle() {
            if (isDraining && !memory.isBusy()) {
                isDraining = false;
                if (CC_EN.isSet(cc)) {
                    enable();
                }
            }
            boolean any = creation.settle();
            any |= events.tell();
            return any;
        }

        @Override
        public void invalidDoorbell(boolean isValue) {
            int what = isValue ? Events.ERROR_DOORBELL_VALUE : Events.ERROR_DOORBELL_REGISTER;
            events.happened(Events.ERROR, what, Events.LOG_ERROR);
        }

        @Override
        public void fatal() {
            isFatal = true;
        }
    }
}
