package flyby.dmar;

import flyby.bus.Cpu;
import flyby.iommu.layout.RemappingRegisters;

/// The driver of a remapping unit: finds out what it can do, gives it empty tables, and switches it on. Linux's
/// `drivers/iommu/intel/iommu.c`.
///
/// From then on every function is blocked until it is attached to a domain, and so are interrupts that the table
/// does not allow.
public final class RemappingUnit {
    private static final long ENABLED =
            RemappingRegisters.GCMD_QIE.mask() | RemappingRegisters.GCMD_TE.mask() | RemappingRegisters.GCMD_IRE.mask();
    private static final int LEVELS_MAX = 5;

    private final Cpu cpu;
    private final long registers;
    private final TableAccess memory;
    private final TableFrames frames;
    private final FunctionTables functions;
    private final InvalidationRing invalidations;
    private final InterruptTable interrupts;
    private final int levels;
    private final int pageLevelMax;
    private final int addressMaskMax;
    private int domains;

    /// Programs the unit and switches translation on.
    ///
    /// @param registers where the unit's registers are
    /// @param tables where memory is set aside for tables, and how much of it
    /// @param levelsMax the deepest tables to be used, if the unit supports them
    /// @param pollPicos how often the CPU looks whether an invalidation is done
    public RemappingUnit(Cpu cpu, long registers, long tables, long tableBytes, int levelsMax, long pollPicos) {
        this.cpu = cpu;
        this.registers = registers;
        long capabilities = read64(RemappingRegisters.CAP);
        long extended = read64(RemappingRegisters.ECAP);
        boolean isCoherent = RemappingRegisters.ECAP_C.isSet(extended);
        memory = TableAccess.by(cpu, isCoherent);
        frames = new TableFrames(memory, tables, tableBytes);
        functions = new FunctionTables(memory, frames);
        invalidations = new InvalidationRing(cpu, memory, isCoherent, frames, registers, pollPicos);
        interrupts = new InterruptTable(memory, frames, invalidations);
        levels = Math.min(levelsMax, deepest(capabilities));
        long largePages = RemappingRegisters.CAP_SLLPS.of(capabilities);
        pageLevelMax = (largePages & 2) != 0 ? 3 : (largePages & 1) != 0 ? 2 : 1;
        addressMaskMax = (int) RemappingRegisters.CAP_MAMV.of(capabilities);
        enable();
    }

    private static int deepest(long capabilities) {
        int depth = LEVELS_MAX;
        // Bit 1 of SAGAW means three levels.
        while (depth > 3 && ((RemappingRegisters.CAP_SAGAW.of(capabilities) >>> (depth - 2)) & 1) == 0) {
            depth--;
        }
        return depth;
    }

    private void enable() {
        write64(RemappingRegisters.RTADDR, functions.root());
        write64(RemappingRegisters.IQA, invalidations.address());
        write64(RemappingRegisters.IRTA, interrupts.address());
        cpu.mmioWrite32(
                registers + RemappingRegisters.GCMD,
                RemappingRegisters.GCMD_SRTP.mask() | RemappingRegisters.GCMD_SIRTP.mask());
        cpu.mmioWrite32(registers + RemappingRegisters.GCMD, RemappingRegisters.GCMD_QIE.mask());
        invalidations.contexts();
        invalidations.translations();
        invalidations.sync();
        cpu.mmioWrite32(registers + RemappingRegisters.GCMD, ENABLED);
    }

    /// A new domain that nobody is attached to.
    ///
    /// @param pageLevelMax the largest pages to be used: 1 for 4 KiB, 2 for 2 MiB, 3 for 1 GiB
    public IommuDomain domain(int pageLevelMax) {
        PageTables tables = new PageTables(memory, frames, levels, Math.min(pageLevelMax, this.pageLevelMax));
        return new IommuDomain(++domains, tables, invalidations, addressMaskMax);
    }

    /// Requests of `requesterId` are translated by `domain` from now on.
    ///
    /// @param hasDeviceTlb whether the function may translate by itself and is believed when it says that it has
    public void attach(int requesterId, IommuDomain domain, boolean hasDeviceTlb) {
        functions.translate(requesterId, domain.id(), domain.tables(), hasDeviceTlb);
        if (hasDeviceTlb) {
            domain.addDeviceTlb(requesterId);
        }
        changed(domain.id());
    }

    /// Requests of `requesterId` go where they say from now on.
    public void passThrough(int requesterId) {
        int domain = ++domains;
        functions.passThrough(requesterId, domain, levels);
        changed(domain);
    }

    /// Requests of `requesterId`, which was attached to `domain`, are blocked from now on.
    public void detach(int requesterId, IommuDomain domain) {
        functions.block(requesterId);
        domain.removeDeviceTlb(requesterId);
        changed(domain.id());
    }

    private void changed(int domain) {
        invalidations.contexts();
        invalidations.domain(domain);
        invalidations.sync();
    }

    /// Who may raise which interrupt; nobody any, to begin with.
    public InterruptTable interrupts() {
        return interrupts;
    }

    /// Where the unit is told what to forget.
    public InvalidationRing invalidations() {
        return invalidations;
    }

    private long read64(int register) {
        return cpu.mmioRead32(registers + register) | cpu.mmioRead32(registers + register + 4) << Integer.SIZE;
    }

    private void write64(int register, long value) {
        cpu.mmioWrite32(registers + register, value & 0xffff_ffffL);
        cpu.mmioWrite32(registers + register + 4, value >>> Integer.SIZE);
    }
}
