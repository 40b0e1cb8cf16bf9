package flyby.nvme;

import flyby.base.LittleEndian;
import flyby.bus.DeviceHost;
import flyby.nvme.layout.NvmeOpcodes;
import java.util.Arrays;

/// Builds log pages: section 5.14.1.
final class LogPages {
    static final int ERROR_INFORMATION = 0x01;
    static final int HEALTH = 0x02;
    static final int FIRMWARE_SLOT = 0x03;
    static final int CHANGED_NAMESPACES = 0x04;
    static final int COMMANDS_AND_EFFECTS = 0x05;

    private static final int HEALTH_BYTES = 512;
    private static final int LIST_BYTES = 4_096;
    private static final int UNIT_BYTES = 512_000;
    private static final long PICOS_PER_HOUR = 3_600_000_000_000_000L;
    private static final int PERCENT = 100;

    /// Command Supported, and Logical Block Content Change: section 5.14.1.5.
    private static final int SUPPORTED = 1;

    private static final int CONTENT_CHANGE = 1 << 1;
    private static final int NAMESPACE_CHANGE = 1 << 2;
    /// One command at a time in the namespace.
    private static final int SUBMIT_ALONE = 1 << 16;

    private final DeviceHost host;
    private final Errors errors;
    private final Health health;
    private final Statistics statistics;
    private boolean isNamespaceChanged;

    LogPages(DeviceHost host, Errors errors, Health health, Statistics statistics) {
        this.host = host;
        this.errors = errors;
        this.health = health;
        this.statistics = statistics;
    }

    void reset() {
        isNamespaceChanged = false;
    }

    void namespaceChanged() {
        isNamespaceChanged = true;
    }

    /// How long page `page` is, or 0 if there is none.
    static int byteCount(int page) {
        return switch (page) {
            case ERROR_INFORMATION -> Errors.ENTRIES * Errors.ENTRY_BYTES;
            case HEALTH, FIRMWARE_SLOT -> HEALTH_BYTES;
            case CHANGED_NAMESPACES, COMMANDS_AND_EFFECTS -> LIST_BYTES;
            default -> 0;
        };
    }

    /// Builds page `page` in `into`.
    void build(int page, byte[] into) {
        Arrays.fill(into, 0, byteCount(page), (byte) 0);
        switch (page) {
            case ERROR_INFORMATION -> errors.build(into);
            case HEALTH -> buildHealth(into);
            case FIRMWARE_SLOT -> {
                into[0] = 1;
                Identify.text(Identify.FIRMWARE, into, 8, 8);
            }
            case CHANGED_NAMESPACES -> {
                LittleEndian.put(isNamespaceChanged ? Namespace.ID : 0, into, 0, 4);
                isNamespaceChanged = false;
            }
            default -> buildEffects(into);
        }
    }

    private void buildHealth(byte[] into) {
        into[0] = (byte) health.criticalWarning();
        LittleEndian.put(Health.TEMPERATURE, into, 1, 2);
        into[3] = PERCENT;
        into[4] = PERCENT / 10;
        LittleEndian.put(Math.ceilDiv(statistics.bytesRead, UNIT_BYTES), into, 32, 8);
        LittleEndian.put(Math.ceilDiv(statistics.bytesWritten, UNIT_BYTES), into, 48, 8);
        LittleEndian.put(statistics.reads, into, 64, 8);
        LittleEndian.put(statistics.writes, into, 80, 8);
        LittleEndian.put(1, into, 112, 8);
        LittleEndian.put(host.nowPicos() / PICOS_PER_HOUR, into, 128, 8);
        LittleEndian.put(statistics.mediaErrors, into, 160, 8);
        LittleEndian.put(errors.count(), into, 176, 8);
        LittleEndian.put(Health.TEMPERATURE, into, 200, 2);
    }

    private static void buildEffects(byte[] into) {
        int[] admin = {
            NvmeOpcodes.DELETE_IO_SQ,
            NvmeOpcodes.CREATE_IO_SQ,
            NvmeOpcodes.GET_LOG_PAGE,
            NvmeOpcodes.DELETE_IO_CQ,
            NvmeOpcodes.CREATE_IO_CQ,
            NvmeOpcodes.IDENTIFY,
            NvmeOpcodes.ABORT,
            NvmeOpcodes.SET_FEATURES,
            NvmeOpcodes.GET_FEATURES,
            NvmeOpcodes.ASYNCHRONOUS_EVENT_REQUEST,
            NvmeOpcodes.DOORBELL_BUFFER_CONFIG
        };
        for (int opcode : admin) {
            effect(into, opcode, SUPPORTED);
        }
        effect(into, NvmeOpcodes.FORMAT_NVM, SUPPORTED | CONTENT_CHANGE | NAMESPACE_CHANGE | SUBMIT_ALONE);
        int io = 256;
        effect(into, io + NvmeOpcodes.FLUSH, SUPPORTED);
        effect(into, io + NvmeOpcodes.WRITE, SUPPORTED | CONTENT_CHANGE);
        effect(into, io + NvmeOpcodes.READ, SUPPORTED);
        effect(into, io + NvmeOpcodes.COMPARE, SUPPORTED);
        effect(into, io + NvmeOpcodes.WRITE_ZEROES, SUPPORTED | CONTENT_CHANGE);
        effect(into, io + NvmeOpcodes.DATASET_MANAGEMENT, SUPPORTED | CONTENT_CHANGE);
    }

    private static void effect(byte[] into, int index, int says) {
        LittleEndian.put(says, into, 4 * index, 4);
    }
}
