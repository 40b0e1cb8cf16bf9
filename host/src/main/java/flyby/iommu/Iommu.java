package flyby.iommu;

import flyby.base.LittleEndian;
import flyby.bus.AddressType;
import flyby.bus.Device;
import flyby.iommu.layout.RemappingRegisters;
import flyby.iommu.layout.RemappingTables;
import flyby.memory.MemoryAgent;
import flyby.sim.Simulation;
import java.util.ArrayList;
import java.util.List;

/// A remapping unit in the shape of Intel VT-d: tables in memory say which function may reach which page, and which
/// interrupts it may raise. Registers are in region 0; see [RemappingRegisters].
///
/// After reset nothing is translated and everything allowed. Once GCMD.TE is set, everything is blocked for which
/// the tables do not say otherwise. It does without the optional parts of the architecture: invalidation by
/// registers, advanced fault logging, protected memory ranges, scalable mode, posted interrupts.
public final class Iommu implements Translator, InterruptRemapping, Device {
    /// Bytes of the register region.
    public static final int REGISTER_BYTES = 0x2000;
    /// CAP.MAMV: a page-selective invalidation covers at most 2^18 pages, 1 GiB.
    static final int ADDRESS_MASK_MAX = 18;

    private static final int VERSION_1_0 = 0x10;
    private static final int DOMAINS_64_KI = 6;
    private static final int SAGAW_SHIFT = 2;

    private final IommuParameters parameters;
    private final IommuStatistics statistics = new IommuStatistics();
    private final MessageRegisters faultEvent;
    private final MessageRegisters invalidationEvent;
    private final FaultRecords faults;
    private final InterruptRemapper interrupts;
    private final Walkers walkers;
    private final InvalidationQueue queue;

    private boolean enabled;
    private long rootTable;
    private boolean isRootTableSet;
    private long queueAddress;
    private long interruptTable;
    private boolean isInterruptTableSet;

    /// @param name on the timeline and for its share of the randomness: `iommu`
    /// @param memory where the tables are
    /// @param messages where its own interrupts go
    public Iommu(
            Simulation simulation, String name, IommuParameters parameters, MemoryAgent memory, MessageSink messages) {
        this.parameters = parameters;
        faultEvent = new MessageRegisters(messages);
        invalidationEvent = new MessageRegisters(messages);
        faults = new FaultRecords(parameters.faultRecords(), faultEvent);
        interrupts = new InterruptRemapper(simulation, name, parameters, memory, faults, statistics);
        walkers = new Walkers(simulation, name, parameters, memory, faults, statistics, this::staleEnded);
        queue = new InvalidationQueue(simulation, name, memory, walkers, interrupts, faults, invalidationEvent);
    }

    private void staleEnded() {
        queue.staleEnded();
    }

    /// Who reaches the devices that translate by themselves. Once, at set-up.
    public void deviceTlbs(DeviceTlbs way) {
        queue.devices(way);
    }

    /// A device has forgotten the translations that [DeviceTlbs#invalidate] named.
    public void deviceTlbInvalidated() {
        queue.deviceAnswered();
    }

    @Override
    public boolean translate(Translation translation) {
        if (enabled) {
            return walkers.translate(translation);
        }
        // Without translation nobody can say what the address of a device-TLB would mean: section 4.2.
        if (translation.addressType() == AddressType.UNTRANSLATED) {
            translation.passThrough();
        } else {
            translation.refuse();
        }
        return true;
    }

    @Override
    public boolean remap(InterruptRequest request) {
        return interrupts.remap(request);
    }

    public IommuStatistics statistics() {
        return statistics;
    }

    /// What it waits for, one sentence each: for somebody who wonders why nothing happens.
    public List<String> waiting() {
        List<String> sentences = new ArrayList<>(walkers.waiting());
        if (!queue.describe().isEmpty()) {
            sentences.add(queue.describe());
        }
        return sentences;
    }

    @Override
    public long readRegister(int region, long offset, int byteCount) {
        int within = (int) offset & 3;
        if (region != 0 || offset < 0 || offset > REGISTER_BYTES - byteCount || within + byteCount > 8) {
            return ABSENT;
        }
        int word = (int) offset - within;
        long value = (readWord(word) & 0xffff_ffffL) | ((long) readWord(word + 4) << Integer.SIZE);
        return (value >>> (Byte.SIZE * within)) & LittleEndian.ones(byteCount);
    }

    private int readWord(int offset) {
        return switch (offset) {
            case RemappingRegisters.VER -> VERSION_1_0;
            case RemappingRegisters.CAP, RemappingRegisters.CAP + 4 -> half(capabilities(), offset);
            case RemappingRegisters.ECAP, RemappingRegisters.ECAP + 4 -> half(extendedCapabilities(), offset);
            case RemappingRegisters.GSTS -> globalStatus();
            case RemappingRegisters.RTADDR, RemappingRegisters.RTADDR + 4 -> half(rootTable, offset);
            case RemappingRegisters.FSTS -> faults.status();
            case RemappingRegisters.FECTL,
                    RemappingRegisters.FEDATA,
                    RemappingRegisters.FEADDR,
                    RemappingRegisters.FEUADDR -> faultEvent.read(offset - RemappingRegisters.FECTL);
            case RemappingRegisters.IQH -> queue.head();
            case RemappingRegisters.IQT -> queue.tail();
            case RemappingRegisters.IQA, RemappingRegisters.IQA + 4 -> half(queueAddress, offset);
            case RemappingRegisters.ICS -> queue.hasCompleted() ? 1 : 0;
            case RemappingRegisters.IECTL,
                    RemappingRegisters.IEDATA,
                    RemappingRegisters.IEADDR,
                    RemappingRegisters.IEUADDR -> invalidationEvent.read(offset - RemappingRegisters.IECTL);
            case RemappingRegisters.IRTA, RemappingRegisters.IRTA + 4 -> half(interruptTable, offset);
            default -> isFaultRecord(offset) ? faults.read(offset - RemappingRegisters.FRCD) : 0;
        };
    }

    private boolean isFaultRecord(int offset) {
        return RemappingRegisters.FRCD <= offset && offset < RemappingRegisters.FRCD + faults.bytes();
    }

    /// A write of fewer than 4 bytes is none that software may make, and is ignored: section 11.1.
    @Override
    public void writeRegister(int region, long offset, int byteCount, long value) {
        if (region != 0 || offset < 0 || offset > REGISTER_BYTES - byteCount || offset % 4 != 0 || byteCount % 4 != 0) {
            return;
        }
        writeWord((int) offset, (int) value);
        if (byteCount == Long.BYTES) {
            writeWord((int) offset + 4, (int) (value >>> Integer.SIZE));
        }
    }

    private void writeWord(int offset, int value) {
        switch (offset) {
            case RemappingRegisters.GCMD -> command(value & 0xffff_ffffL);
            case RemappingRegisters.RTADDR, RemappingRegisters.RTADDR + 4 ->
                rootTable = withHalf(rootTable, offset, value);
            case RemappingRegisters.FSTS -> {
                faults.clearStatus(value);
                queue.next();
            }
            case RemappingRegisters.FECTL,
                    RemappingRegisters.FEDATA,
                    RemappingRegisters.FEADDR,
                    RemappingRegisters.FEUADDR -> faultEvent.write(offset - RemappingRegisters.FECTL, value);
            case RemappingRegisters.IQT -> queue.tail(value);
            case RemappingRegisters.IQA, RemappingRegisters.IQA + 4 ->
                queueAddress = withHalf(queueAddress, offset, value);
            case RemappingRegisters.ICS -> {
                if (RemappingRegisters.ICS_IWC.isSet(value)) {
                    queue.forgetCompletion();
                }
            }
            case RemappingRegisters.IECTL,
                    RemappingRegisters.IEDATA,
                    RemappingRegisters.IEADDR,
                    RemappingRegisters.IEUADDR -> invalidationEvent.write(offset - RemappingRegisters.IECTL, value);
            case RemappingRegisters.IRTA, RemappingRegisters.IRTA + 4 ->
                interruptTable = withHalf(interruptTable, offset, value);
            default -> {
                if (isFaultRecord(offset)) {
                    faults.write(offset - RemappingRegisters.FRCD, value);
                }
            }
        }
    }

    /// What a write of GCMD does: section 11.4.4.1.
    private void command(long value) {
        if (RemappingRegisters.GCMD_SRTP.isSet(value)) {
            walkers.rootTable(rootTable & RemappingRegisters.TABLE_ADDRESS.mask());
            isRootTableSet = true;
        }
        if (RemappingRegisters.GCMD_SIRTP.isSet(value)) {
            interrupts.table(interruptTable);
            isInterruptTableSet = true;
        }
        boolean isQueueWanted = RemappingRegisters.GCMD_QIE.isSet(value);
        if (isQueueWanted && !queue.isEnabled()) {
            queue.enable(queueAddress);
        } else if (!isQueueWanted) {
            queue.disable();
        }
        enabled = RemappingRegisters.GCMD_TE.isSet(value);
        interrupts.enable(RemappingRegisters.GCMD_IRE.isSet(value));
        interrupts.letCompatibilityThrough(RemappingRegisters.GCMD_CFI.isSet(value));
    }

    private int globalStatus() {
        return (int) (RemappingRegisters.GCMD_TE.to(enabled ? 1 : 0)
                | RemappingRegisters.GCMD_SRTP.to(isRootTableSet ? 1 : 0)
                | RemappingRegisters.GCMD_QIE.to(queue.isEnabled() ? 1 : 0)
                | RemappingRegisters.GCMD_IRE.to(interrupts.isEnabled() ? 1 : 0)
                | RemappingRegisters.GCMD_SIRTP.to(isInterruptTableSet ? 1 : 0)
                | RemappingRegisters.GCMD_CFI.to(interrupts.letsCompatibilityThrough() ? 1 : 0));
    }

    private long capabilities() {
        int largePages = (parameters.pages2Mib() ? 1 : 0) | (parameters.pages1Gib() ? 2 : 0);
        // 3 levels are bit 1; all depths up to the deepest.
        long widths = (1L << (parameters.levelsMax() - SAGAW_SHIFT + 1)) - 2;
        return RemappingRegisters.CAP_ND.to(DOMAINS_64_KI)
                | RemappingRegisters.CAP_SAGAW.to(widths)
                | RemappingRegisters.CAP_MGAW.to(RemappingTables.addressBits(parameters.levelsMax()) - 1)
                | RemappingRegisters.CAP_FRO.to(RemappingRegisters.FRCD / 16)
                | RemappingRegisters.CAP_SLLPS.to(largePages)
                | RemappingRegisters.CAP_PSI.to(1)
                | RemappingRegisters.CAP_NFR.to(parameters.faultRecords() - 1)
                | RemappingRegisters.CAP_MAMV.to(ADDRESS_MASK_MAX)
                | RemappingRegisters.CAP_DWD.to(1)
                | RemappingRegisters.CAP_DRD.to(1);
    }

    private long extendedCapabilities() {
        return RemappingRegisters.ECAP_C.to(parameters.coherentWalks() ? 1 : 0)
                | RemappingRegisters.ECAP_QI.to(1)
                | RemappingRegisters.ECAP_DT.to(parameters.deviceTlbs() ? 1 : 0)
                | RemappingRegisters.ECAP_IR.to(1)
                | RemappingRegisters.ECAP_EIM.to(1)
                | RemappingRegisters.ECAP_PT.to(1)
                | RemappingRegisters.ECAP_SC.to(parameters.snoopControl() ? 1 : 0);
    }

    /// The 4 bytes at `offset` of a register of 8, which is aligned.
    private static int half(long value, int offset) {
        return (int) (offset % Long.BYTES == 0 ? value : value >>> Integer.SIZE);
    }

    private static long withHalf(long value, int offset, int half) {
        return offset % Long.BYTES == 0
                ? (value & 0xffff_ffff_0000_0000L) | (half & 0xffff_ffffL)
                : (value & 0xffff_ffffL) | ((long) half << Integer.SIZE);
    }

    @Override
    public void reset() {
        enabled = false;
        rootTable = 0;
        isRootTableSet = false;
        queueAddress = 0;
        interruptTable = 0;
        isInterruptTableSet = false;
        queue.reset();
        interrupts.reset();
        walkers.reset();
        faults.reset();
        faultEvent.reset();
        invalidationEvent.reset();
    }
}
