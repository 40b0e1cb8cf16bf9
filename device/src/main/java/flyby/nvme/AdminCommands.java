package flyby.nvme;

import static flyby.nvme.layout.QueueEntries.CDW10;
import static flyby.nvme.layout.QueueEntries.DPTR1;
import static flyby.nvme.layout.QueueEntries.DPTR2;
import static flyby.nvme.layout.QueueEntries.NSID;

import flyby.nvme.layout.IdentifyData;
import flyby.nvme.layout.NvmeFeatures;
import flyby.nvme.layout.NvmeOpcodes;
import flyby.nvme.layout.NvmeStatus;
import java.util.Arrays;

/// Carries out the commands of the Admin Queue: section 5.
final class AdminCommands implements Engine.Executor {
    private static final int NOT_YET = -1;
    private static final int INVALID_FIELD = NvmeStatus.INVALID_FIELD | NvmeStatus.DO_NOT_RETRY;

    private final Engine engine;
    private final Queues queues;
    private final Creation creation;
    private final Features features;
    private final Events events;
    private final Identify identify;
    private final LogPages logs;
    private final Medium medium;
    private final Namespace namespace;
    private final byte[] page = new byte[IdentifyData.BYTES];
    private int pageBytes = HostMemory.PAGE_BYTES;

    AdminCommands(
            Engine engine,
            Queues queues,
            Creation creation,
            Features features,
            Events events,
            Identify identify,
            LogPages logs,
            Medium medium,
            Namespace namespace) {
        this.engine = engine;
        this.queues = queues;
        this.creation = creation;
        this.features = features;
        this.events = events;
        this.identify = identify;
        this.logs = logs;
        this.medium = medium;
        this.namespace = namespace;
    }

    void reset(int pageBytes) {
        this.pageBytes = pageBytes;
    }

    @Override
    public void start(Command command) {
        int status = begin(command);
        if (status != NOT_YET) {
            engine.complete(command, status);
        }
    }

    /// Looks at a command, and carries it out or begins with it.
    ///
    /// @return a status, or [#NOT_YET] if it is to be completed later, or is already
    private int begin(Command command) {
        if (command.psdt != 0) {
            // Section 4.4: SGLs shall not be used for Admin commands in NVMe over PCIe.
            command.blame(1, 6);
            return INVALID_FIELD;
        }
        if (command.fuse != 0) {
            command.blame(1, 0);
            return INVALID_FIELD;
        }
        return switch (command.opcode) {
            case NvmeOpcodes.DELETE_IO_SQ -> creation.deleteSubmissionQueue(command) ? NOT_YET : command.status;
            case NvmeOpcodes.CREATE_IO_SQ -> creation.createSubmissionQueue(command);
            case NvmeOpcodes.DELETE_IO_CQ -> creation.deleteCompletionQueue(command) ? NOT_YET : command.status;
            case NvmeOpcodes.CREATE_IO_CQ -> creation.createCompletionQueue(command);
            case NvmeOpcodes.GET_LOG_PAGE -> getLogPage(command);
            case NvmeOpcodes.IDENTIFY -> identify(command);
            case NvmeOpcodes.ABORT -> abort(command);
            case NvmeOpcodes.SET_FEATURES -> setFeatures(command);
            case NvmeOpcodes.GET_FEATURES -> getFeatures(command);
            case NvmeOpcodes.ASYNCHRONOUS_EVENT_REQUEST -> {
                if (!events.hasRoom()) {
                    yield NvmeStatus.ASYNCHRONOUS_EVENT_LIMIT_EXCEEDED | NvmeStatus.DO_NOT_RETRY;
                }
                events.wait(command);
                yield NOT_YET;
            }
            case NvmeOpcodes.DOORBELL_BUFFER_CONFIG -> shadow(command);
            case NvmeOpcodes.FORMAT_NVM -> format(command);
            default -> {
                command.blame(0, 0);
                yield NvmeStatus.INVALID_OPCODE | NvmeStatus.DO_NOT_RETRY;
            }
        };
    }

    private int toHost(Command command, int byteCount) {
        engine.transfer(command, byteCount, true);
        return NOT_YET;
    }

    private int identify(Command command) {
        int cns = (int) IdentifyData.CNS.of(command.dword(10));
        if (!Identify.knows(cns)) {
            command.blame(CDW10, 0);
            return INVALID_FIELD;
        }
        boolean isNamespace = switch (cns) {
            case IdentifyData.CNS_CONTROLLER -> true;
            // -1 and -2 stand for no namespace of which one could be the next: section 5.15.2.3.
            case IdentifyData.CNS_ACTIVE_NAMESPACES -> Integer.compareUnsigned(command.nsid, -2) < 0;
            default -> command.nsid == Namespace.ID;
        };
        if (!isNamespace) {
            command.blame(NSID, 0);
            return NvmeStatus.INVALID_NAMESPACE | NvmeStatus.DO_NOT_RETRY;
        }
        return toHost(command, IdentifyData.BYTES);
    }

    private static long logBytes(Command command) {
        long dwords = (command.dword(10) >>> 16) | (command.dword(11) & 0xffffL) << 16;
        return (dwords + 1) * 4;
    }

    private int getLogPage(Command command) {
        int logPage = command.dword(10) & 0xff;
        int byteCount = LogPages.byteCount(logPage);
        if (byteCount == 0) {
            command.blame(CDW10, 0);
            return NvmeStatus.INVALID_LOG_PAGE | NvmeStatus.DO_NOT_RETRY;
        }
        long offset = command.dwordPair(12);
        if ((offset & 3) != 0 || Long.compareUnsigned(offset, byteCount) > 0) {
            command.blame(CDW10 + 8, 0);
            return INVALID_FIELD;
        }
        if (logBytes(command) > Identify.TRANSFER_BYTES_MAX) {
            command.blame(CDW10, 16);
            return INVALID_FIELD;
        }
        return toHost(command, (int) logBytes(command));
    }

    private int abort(Command command) {
        int queueId = command.dword(10) & 0xffff;
        int cid = command.dword(10) >>> 16;
        Command victim = engine.find(queueId, cid);
        boolean isAborted = false;
        if (victim != null && victim != command) {
            if (events.remove(victim)) {
                isAborted = true;
            } else if (medium.remove(victim)) {
                isAborted = true;
            }
        }
        if (isAborted && victim != null) {
            engine.complete(victim, NvmeStatus.ABORT_REQUESTED);
        }
        command.result = isAborted ? 0 : 1;
        return NvmeStatus.SUCCESS;
    }

    private int setFeatures(Command command) {
        int status = features.set(command);
        if (status == NvmeStatus.SUCCESS && Features.hasData(command)) {
            engine.transfer(command, Features.TIMESTAMP_BYTES, false);
            return NOT_YET;
        }
        return status;
    }

    private int getFeatures(Command command) {
        int status = features.get(command);
        boolean isData =
                Features.hasData(command) && NvmeFeatures.SEL.of(command.dword(10)) != NvmeFeatures.SEL_CAPABILITIES;
        return status == NvmeStatus.SUCCESS && isData ? toHost(command, Features.TIMESTAMP_BYTES) : status;
    }

    private int shadow(Command command) {
        if ((command.dptr1 & (pageBytes - 1)) != 0 || (command.dptr2 & (pageBytes - 1)) != 0) {
            command.blame((command.dptr1 & (pageBytes - 1)) != 0 ? DPTR1 : DPTR2, 0);
            return INVALID_FIELD;
        }
        queues.doorbells().configure(command.dptr1, command.dptr2, pageBytes);
        return NvmeStatus.SUCCESS;
    }

    private int format(Command command) {
        if (command.nsid != Namespace.ID && command.nsid != Namespace.ALL) {
            command.blame(NSID, 0);
            return NvmeStatus.INVALID_NAMESPACE | NvmeStatus.DO_NOT_RETRY;
        }
        int format = command.dword(10) & 0xf;
        int erase = command.dword(10) >>> 9 & 7;
        boolean isProtected = (command.dword(10) >>> 4 & 0x1f) != 0;
        if (format >= Namespace.formats() || isProtected) {
            command.blame(CDW10, 0);
            return NvmeStatus.INVALID_FORMAT | NvmeStatus.DO_NOT_RETRY;
        }
        if (erase > 1) {
            // Cryptographic erase is not supported: FNA bit 2.
            command.blame(CDW10 + 1, 1);
            return INVALID_FIELD;
        }
        boolean isErased = namespace.store.zero(0, namespace.store.byteCount()) == BlockStore.Outcome.DONE
                && namespace.store.flush() == BlockStore.Outcome.DONE;
        if (!isErased) {
            return NvmeStatus.WRITE_FAULT;
        }
        namespace.format(format);
        logs.namespaceChanged();
        events.happened(Events.NOTICE, Events.NOTICE_NAMESPACE, Events.LOG_NAMESPACES);
        return NvmeStatus.SUCCESS;
    }

    @Override
    public int fill(Command command) {
        byte[] buffer = command.buffer;
        if (buffer == null) {
            return NvmeStatus.INTERNAL_ERROR;
        }
        switch (command.opcode) {
            case NvmeOpcodes.IDENTIFY ->
                identify.build((int) IdentifyData.CNS.of(command.dword(10)), command.nsid, buffer);
            case NvmeOpcodes.GET_LOG_PAGE -> fillLogPage(command, buffer);
            default -> features.putTimestamp(buffer);
        }
        return NvmeStatus.SUCCESS;
    }

    private void fillLogPage(Command command, byte[] buffer) {
        int logPage = command.dword(10) & 0xff;
        int offset = (int) command.dwordPair(12);
        logs.build(logPage, page);
        Arrays.fill(buffer, 0, command.byteCount, (byte) 0);
        int byteCount = Math.min(command.byteCount, LogPages.byteCount(logPage) - offset);
        System.arraycopy(page, offset, buffer, 0, byteCount);
        boolean retainsEvent = (command.dword(10) & 1 << 15) != 0;
        if (!retainsEvent) {
            events.read(logPage);
        }
    }

    @Override
    public void received(Command command) {
        byte[] buffer = command.buffer;
        if (buffer != null) {
            features.takeTimestamp(buffer);
        }
        engine.complete(command, NvmeStatus.SUCCESS);
    }

    @Override
    public void waited(Command command) {
        engine.complete(command, command.status);
    }
}
