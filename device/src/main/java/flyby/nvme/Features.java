package flyby.nvme;

import static flyby.nvme.layout.NvmeFeatures.ARBITRATION;
import static flyby.nvme.layout.NvmeFeatures.ARBITRATION_BURST;
import static flyby.nvme.layout.NvmeFeatures.ASYNCHRONOUS_EVENT_CONFIGURATION;
import static flyby.nvme.layout.NvmeFeatures.CAPABILITY_CHANGEABLE;
import static flyby.nvme.layout.NvmeFeatures.CD;
import static flyby.nvme.layout.NvmeFeatures.ERROR_RECOVERY;
import static flyby.nvme.layout.NvmeFeatures.FID;
import static flyby.nvme.layout.NvmeFeatures.INTERRUPT_COALESCING;
import static flyby.nvme.layout.NvmeFeatures.INTERRUPT_VECTOR_CONFIGURATION;
import static flyby.nvme.layout.NvmeFeatures.IV;
import static flyby.nvme.layout.NvmeFeatures.NCQ;
import static flyby.nvme.layout.NvmeFeatures.NSQ;
import static flyby.nvme.layout.NvmeFeatures.NUMBER_OF_QUEUES;
import static flyby.nvme.layout.NvmeFeatures.POWER_MANAGEMENT;
import static flyby.nvme.layout.NvmeFeatures.SEL;
import static flyby.nvme.layout.NvmeFeatures.SEL_CAPABILITIES;
import static flyby.nvme.layout.NvmeFeatures.SEL_CURRENT;
import static flyby.nvme.layout.NvmeFeatures.SV;
import static flyby.nvme.layout.NvmeFeatures.TEMPERATURE_THRESHOLD;
import static flyby.nvme.layout.NvmeFeatures.THR;
import static flyby.nvme.layout.NvmeFeatures.THSEL;
import static flyby.nvme.layout.NvmeFeatures.TIME;
import static flyby.nvme.layout.NvmeFeatures.TIMESTAMP;
import static flyby.nvme.layout.NvmeFeatures.TMPSEL;
import static flyby.nvme.layout.NvmeFeatures.TMPTH;
import static flyby.nvme.layout.NvmeFeatures.VOLATILE_WRITE_CACHE;
import static flyby.nvme.layout.NvmeFeatures.WCE;
import static flyby.nvme.layout.NvmeFeatures.WRITE_ATOMICITY_NORMAL;
import static flyby.nvme.layout.QueueEntries.CDW10;

import flyby.base.LittleEndian;
import flyby.bus.DeviceHost;
import flyby.nvme.layout.NvmeStatus;

/// The features: sections 5.13 and 5.21. None can be saved, and all are the whole controller's.
final class Features {
    static final int TIMESTAMP_BYTES = 8;
    private static final int INVALID_FIELD = NvmeStatus.INVALID_FIELD | NvmeStatus.DO_NOT_RETRY;
    private static final long PICOS_PER_MILLI = 1_000_000_000L;
    private static final long TIMESTAMP_MASK = 0xffff_ffff_ffffL;
    /// Timestamp Origin: set by the host. Section 5.21.1.14.
    private static final int ORIGIN_HOST = 1 << 1;

    private static final int TMPSEL_ALL = 0xf;

    private final DeviceHost host;
    private final Queues queues;
    private final Vectors vectors;
    private final Health health;
    private final Events events;
    private final BlockStore store;

    private final int[] values = new int[TIMESTAMP + 1];
    private long timestampMillis;
    private long timestampSetPicos;
    private boolean isTimestampSet;

    Features(DeviceHost host, Queues queues, Vectors vectors, Health health, Events events, BlockStore store) {
        this.host = host;
        this.queues = queues;
        this.vectors = vectors;
        this.health = health;
        this.events = events;
        this.store = store;
    }

    void reset() {
        for (int feature = 0; feature < values.length; feature++) {
            values[feature] = standard(feature);
        }
        isTimestampSet = false;
        timestampMillis = 0;
        timestampSetPicos = host.nowPicos();
    }

    private int standard(int feature) {
        return switch (feature) {
            case ARBITRATION -> 7;
            case VOLATILE_WRITE_CACHE -> 1;
            case NUMBER_OF_QUEUES -> queuesSaid(queues.pairs());
            default -> 0;
        };
    }

    private static int queuesSaid(int pairs) {
        return (int) (NSQ.to(pairs - 1L) | NCQ.to(pairs - 1L));
    }

    boolean isCacheEnabled() {
        return WCE.isSet(values[VOLATILE_WRITE_CACHE]);
    }

    /// I/O queues of each kind that the host may create.
    int pairs() {
        return (int) NSQ.of(values[NUMBER_OF_QUEUES]) + 1;
    }

    int asynchronousEvents() {
        return values[ASYNCHRONOUS_EVENT_CONFIGURATION];
    }

    private static boolean isKnown(int feature) {
        return switch (feature) {
            case ARBITRATION,
                    POWER_MANAGEMENT,
                    TEMPERATURE_THRESHOLD,
                    ERROR_RECOVERY,
                    VOLATILE_WRITE_CACHE,
                    NUMBER_OF_QUEUES,
                    INTERRUPT_COALESCING,
                    INTERRUPT_VECTOR_CONFIGURATION,
                    WRITE_ATOMICITY_NORMAL,
                    ASYNCHRONOUS_EVENT_CONFIGURATION,
                    TIMESTAMP -> true;
            default -> false;
        };
    }

    /// Whether Get Features of `command` has data.
    static boolean hasData(Command command) {
        return FID.of(command.dword(10)) == TIMESTAMP;
    }

    /// Puts the timestamp into `buffer`.
    void putTimestamp(byte[] buffer) {
        long millis = timestampMillis + (host.nowPicos() - timestampSetPicos) / PICOS_PER_MILLI;
        LittleEndian.put(millis & TIMESTAMP_MASK, buffer, 0, TIMESTAMP_BYTES);
        buffer[6] = (byte) (isTimestampSet ? ORIGIN_HOST : 0);
    }

    void takeTimestamp(byte[] buffer) {
        timestampMillis = LittleEndian.get(buffer, 0, TIMESTAMP_BYTES) & TIMESTAMP_MASK;
        timestampSetPicos = host.nowPicos();
        isTimestampSet = true;
    }

    /// Get Features, but for data; the value goes to the command's result.
    int get(Command command) {
        int feature = (int) FID.of(command.dword(10));
        int select = (int) SEL.of(command.dword(10));
        if (!isKnown(feature) || select > SEL_CAPABILITIES) {
            command.blame(CDW10, 0);
            return INVALID_FIELD;
        }
        if (select == SEL_CAPABILITIES) {
            command.result = CAPABILITY_CHANGEABLE;
            return NvmeStatus.SUCCESS;
        }
        boolean isCurrent = select == SEL_CURRENT;
        switch (feature) {
            case TEMPERATURE_THRESHOLD -> {
                int argument = command.dword(11);
                boolean isUnder = THSEL.of(argument) == 1;
                command.result = TMPSEL.of(argument) == 0 ? health.threshold(isUnder, isCurrent) : 0;
            }
            case INTERRUPT_VECTOR_CONFIGURATION -> {
                int vector = (int) IV.of(command.dword(11));
                if (vector >= vectors.count()) {
                    command.blame(CDW10 + 4, 0);
                    return INVALID_FIELD;
                }
                command.result = IV.to(vector) | CD.to(isCurrent && vectors.isUncoalesced(vector) ? 1 : 0);
            }
            default -> command.result = Integer.toUnsignedLong(isCurrent ? values[feature] : standard(feature));
        }
        return NvmeStatus.SUCCESS;
    }

    /// Set Features, but for data.
    int set(Command command) {
        int feature = (int) FID.of(command.dword(10));
        int value = command.dword(11);
        if (!isKnown(feature)) {
            command.blame(CDW10, 0);
            return INVALID_FIELD;
        }
        if (SV.isSet(command.dword(10))) {
            command.blame(CDW10, 31);
            return NvmeStatus.FEATURE_NOT_SAVEABLE | NvmeStatus.DO_NOT_RETRY;
        }
        int status = apply(command, feature, value);
        if ((status & NvmeStatus.CODE_MASK) == NvmeStatus.INVALID_FIELD) {
            command.blame(CDW10 + 4, 0);
        }
        return status;
    }

    private int apply(Command command, int feature, int value) {
        switch (feature) {
            case ARBITRATION -> queues.burst((int) ARBITRATION_BURST.of(value));
            case POWER_MANAGEMENT -> {
                if ((value & 0x1f) != 0) {
                    return INVALID_FIELD;
                }
            }
            case VOLATILE_WRITE_CACHE -> {
                // What is cached when the cache is switched off must not stay there.
                if (!WCE.isSet(value) && isCacheEnabled() && store.flush() != BlockStore.Outcome.DONE) {
                    return NvmeStatus.WRITE_FAULT;
                }
            }
            case TEMPERATURE_THRESHOLD -> {
                return threshold(value);
            }
            case NUMBER_OF_QUEUES -> {
                return numberOfQueues(command, value);
            }
            case INTERRUPT_COALESCING -> vectors.coalesce((int) THR.of(value), (int) TIME.of(value));
            case INTERRUPT_VECTOR_CONFIGURATION -> {
                int vector = (int) IV.of(value);
                if (vector >= vectors.count()) {
                    return INVALID_FIELD;
                }
                vectors.uncoalesced(vector, CD.isSet(value));
                return NvmeStatus.SUCCESS;
            }
            default -> {
                // The others have no more to them than their values.
            }
        }
        values[feature] = value;
        if (feature == ASYNCHRONOUS_EVENT_CONFIGURATION) {
            events.configure(value);
        }
        return NvmeStatus.SUCCESS;
    }

    private int threshold(int value) {
        long select = TMPSEL.of(value);
        long kind = THSEL.of(value);
        if (kind > 1 || (select != 0 && select != TMPSEL_ALL)) {
            return INVALID_FIELD;
        }
        health.threshold(kind == 1, (int) TMPTH.of(value));
        return NvmeStatus.SUCCESS;
    }

    private int numberOfQueues(Command command, int value) {
        if (queues.hasIoQueues()) {
            return NvmeStatus.COMMAND_SEQUENCE_ERROR | NvmeStatus.DO_NOT_RETRY;
        }
        int submissions = (int) NSQ.of(value);
        int completions = (int) NCQ.of(value);
        if (submissions == 0xffff || completions == 0xffff) {
            return INVALID_FIELD;
        }
        int pairs = Math.min(queues.pairs(), Math.max(submissions, completions) + 1);
        values[NUMBER_OF_QUEUES] = queuesSaid(pairs);
        command.result = Integer.toUnsignedLong(values[NUMBER_OF_QUEUES]);
        return NvmeStatus.SUCCESS;
    }
}
