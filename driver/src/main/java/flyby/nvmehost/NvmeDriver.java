package flyby.nvmehost;

import static flyby.nvme.layout.NvmeRegisters.ACQ;
import static flyby.nvme.layout.NvmeRegisters.AQA;
import static flyby.nvme.layout.NvmeRegisters.AQA_ACQS;
import static flyby.nvme.layout.NvmeRegisters.AQA_ASQS;
import static flyby.nvme.layout.NvmeRegisters.ASQ;
import static flyby.nvme.layout.NvmeRegisters.CAP;
import static flyby.nvme.layout.NvmeRegisters.CAP_MQES;
import static flyby.nvme.layout.NvmeRegisters.CAP_TO;
import static flyby.nvme.layout.NvmeRegisters.CC;
import static flyby.nvme.layout.NvmeRegisters.CC_EN;
import static flyby.nvme.layout.NvmeRegisters.CC_IOCQES;
import static flyby.nvme.layout.NvmeRegisters.CC_IOSQES;
import static flyby.nvme.layout.NvmeRegisters.CC_SHN;
import static flyby.nvme.layout.NvmeRegisters.CSTS;
import static flyby.nvme.layout.NvmeRegisters.CSTS_CFS;
import static flyby.nvme.layout.NvmeRegisters.CSTS_RDY;
import static flyby.nvme.layout.NvmeRegisters.CSTS_SHST;
import static flyby.nvme.layout.NvmeRegisters.SHN_NORMAL;
import static flyby.nvme.layout.NvmeRegisters.SHST_COMPLETE;

import flyby.bus.Cpu;
import flyby.dma.CoherentBuffer;
import flyby.dma.Dma;
import flyby.kernel.Errno;
import flyby.kernel.IoMemory;
import flyby.kernel.Kernel;
import flyby.nvme.layout.IdentifyData;
import flyby.nvme.layout.NvmeFeatures;
import flyby.nvme.layout.NvmeOpcodes;
import flyby.nvme.layout.NvmeStatus;
import flyby.pci.PciDevice;
import flyby.pci.PciDriver;
import flyby.sim.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The driver of NVM Express controllers: makes one ready, gives it queues, each with an interrupt, and finds its
/// namespace. `drivers/nvme/host/pci.c`.
public final class NvmeDriver implements PciDriver {
    private static final int VENDOR = 0xf1b0;
    private static final int DEVICE = 0x0016;

    private static final int NAMESPACE = 1;
    private static final int PAGE_BYTES = 4_096;
    private static final long LOOK_PICOS = 10 * Time.MICROSECOND;
    private static final long TIMEOUT_UNIT_PICOS = 500 * Time.MILLISECOND;
    private static final int QUEUE_CONTIGUOUS = 1;
    private static final int QUEUE_INTERRUPTS = 1 << 1;
    /// What MDTS 0, no limit, is taken for.
    private static final int TRANSFER_POWER_MAX = 9;

    private final int queueCount;
    private final int depth;

    /// How many pairs of I/O queues it asks for, and how deep.
    ///
    /// @param queueCount 1 or more
    /// @param depth entries of each queue, 2 or more
    public NvmeDriver(int queueCount, int depth) {
        this.queueCount = queueCount;
        this.depth = depth;
    }

    /// What the driver keeps of a device.
    private static final class Bound {
        final IoMemory registers;
        final AdminQueue admin;
        final long timeoutPicos;
        final List<IoQueue> queues = new ArrayList<>();
        /// Interrupts that are handled: those of the first queues, the Admin Queue among them.
        int interruptCount;

        @Nullable
        NvmeNamespace namespace;

        Bound(IoMemory registers, AdminQueue admin, long timeoutPicos) {
            this.registers = registers;
            this.admin = admin;
            this.timeoutPicos = timeoutPicos;
        }
    }

    @Override
    public String name() {
        return "nvme";
    }

    @Override
    public boolean matches(int vendorId, int deviceId) {
        return vendorId == VENDOR && deviceId == DEVICE;
    }

    /// The namespace of `device`, which is bound to this driver.
    public static NvmeNamespace namespace(PciDevice device) {
        return Objects.requireNonNull(bound(device).namespace, "no namespace");
    }

    private static Bound bound(PciDevice device) {
        return (Bound) Objects.requireNonNull(device.driverData(), "no driver");
    }

    @Override
    public int probe(PciDevice device) {
        int error = device.enable();
        if (error != 0) {
            return error;
        }
        IoMemory registers = device.map(0);
        if (registers == null || device.dma().setMaskAndCoherent(Dma.bitMask(64)) != 0) {
            return -Errno.ENODEV;
        }
        long capabilities = registers.read64(CAP);
        if (capabilities == -1L) {
            return -Errno.ENODEV;
        }
        device.setMaster();
        AdminQueue admin = AdminQueue.allocate(device.kernel(), device.dma(), registers);
        if (admin == null) {
            device.clearMaster();
            return -Errno.ENOMEM;
        }
        long timeoutPicos = (CAP_TO.of(capabilities) + 1) * TIMEOUT_UNIT_PICOS;
        Bound bound = new Bound(registers, admin, timeoutPicos);
        device.setDriverData(bound);
        int entries = (int) Math.min(depth, CAP_MQES.of(capabilities) + 1);
        error = start(device, bound, entries);
        if (error != 0) {
            remove(device);
        }
        return error;
    }

    private int start(PciDevice device, Bound bound, int entries) {
        Kernel kernel = device.kernel();
        int error = disable(kernel, bound);
        if (error == 0) {
            error = enable(kernel, bound);
        }
        if (error == 0) {
            error = handle(device, bound, bound.admin.pair());
        }
        CoherentBuffer page = error == 0 ? device.dma().allocCoherent(PAGE_BYTES) : null;
        if (error == 0 && page == null) {
            error = -Errno.ENOMEM;
        }
        if (page != null) {
            error = identify(device, bound, entries, page);
            device.dma().freeCoherent(page.byteCount(), page.cpuAddress(), page.dmaAddress());
        }
        return error;
    }

    /// `nvme_disable_ctrl`.
    private static int disable(Kernel kernel, Bound bound) {
        bound.registers.write32(CC, 0);
        return kernel.poll(() -> !CSTS_RDY.isSet(bound.registers.read32(CSTS)), LOOK_PICOS, bound.timeoutPicos);
    }

    /// `nvme_enable_ctrl`, with what `nvme_pci_configure_admin_queue` does before.
    private static int enable(Kernel kernel, Bound bound) {
        IoMemory registers = bound.registers;
        QueuePair pair = bound.admin.pair();
        long size = pair.entries - 1L;
        registers.write32(AQA, AQA_ASQS.to(size) | AQA_ACQS.to(size));
        registers.write64(ASQ, pair.submissionAddress());
        registers.write64(ACQ, pair.completionAddress());
        registers.write32(CC, CC_EN.to(1) | CC_IOSQES.to(6) | CC_IOCQES.to(4));
        int error = kernel.poll(
                () -> (registers.read32(CSTS) & (CSTS_RDY.mask() | CSTS_CFS.mask())) != 0,
                LOOK_PICOS,
                bound.timeoutPicos);
        return error == 0 && CSTS_CFS.isSet(registers.read32(CSTS)) ? -Errno.ENODEV : error;
    }

    private int identify(PciDevice device, Bound bound, int entries, CoherentBuffer page) {
        Cpu cpu = device.kernel().cpu();
        AdminQueue admin = bound.admin;
        int error = admin.execute(NvmeOpcodes.IDENTIFY, 0, page.dmaAddress(), IdentifyData.CNS_CONTROLLER);
        if (error != 0) {
            return error;
        }
        int power = cpu.load8(page.cpuAddress() + IdentifyData.MDTS);
        boolean takesSgls = (cpu.le32(cpu.load32(page.cpuAddress() + IdentifyData.SGLS)) & 3) != 0;
        error = addQueues(device, bound, entries, takesSgls);
        if (error == 0) {
            error = admin.execute(NvmeOpcodes.IDENTIFY, NAMESPACE, page.dmaAddress(), IdentifyData.CNS_NAMESPACE);
        }
        if (error != 0) {
            return error;
        }
        int format = cpu.load8(page.cpuAddress() + IdentifyData.FLBAS) & 0xf;
        long says = cpu.le32(cpu.load32(page.cpuAddress() + IdentifyData.LBAF0 + 4L * format));
        bound.namespace = new NvmeNamespace(
                device.kernel(),
                bound.queues,
                NAMESPACE,
                1 << IdentifyData.LBADS.of(says),
                cpu.le64(cpu.load64(page.cpuAddress() + IdentifyData.NSZE)),
                PAGE_BYTES << (power == 0 ? TRANSFER_POWER_MAX : Math.min(power, TRANSFER_POWER_MAX)));
        return 0;
    }

    /// `nvme_setup_io_queues`.
    private int addQueues(PciDevice device, Bound bound, int entries, boolean takesSgls) {
        int wanted = Math.min(queueCount, device.vectorCount() - 1);
        long both = NvmeFeatures.NSQ.to(wanted - 1L) | NvmeFeatures.NCQ.to(wanted - 1L);
        int error = bound.admin.execute(NvmeOpcodes.SET_FEATURES, 0, 0, NvmeFeatures.NUMBER_OF_QUEUES, (int) both);
        if (error != 0) {
            return error;
        }
        long given = bound.admin.result();
        int count = (int) Math.min(wanted, 1 + Math.min(NvmeFeatures.NSQ.of(given), NvmeFeatures.NCQ.of(given)));
        for (int id = 1; id <= count && error == 0; id++) {
            error = addQueue(device, bound, id, entries, takesSgls);
        }
        return error;
    }

    private static int addQueue(PciDevice device, Bound bound, int id, int entries, boolean takesSgls) {
        Kernel kernel = device.kernel();
        IoQueue queue = IoQueue.allocate(kernel, device.dma(), bound.registers, id, entries, takesSgls);
        if (queue == null) {
            return -Errno.ENOMEM;
        }
        // Even if the following fails, the controller may know it: it is given back when that is disabled.
        bound.queues.add(queue);
        QueuePair pair = queue.pair();
        int size = (entries - 1) << 16 | id;
        int completion = id << 16 | QUEUE_INTERRUPTS | QUEUE_CONTIGUOUS;
        int error = bound.admin.execute(NvmeOpcodes.CREATE_IO_CQ, 0, pair.completionAddress(), size, completion);
        if (error == 0) {
            int submission = id << 16 | QUEUE_CONTIGUOUS;
            error = bound.admin.execute(NvmeOpcodes.CREATE_IO_SQ, 0, pair.submissionAddress(), size, submission);
        }
        if (error == 0) {
            error = handle(device, bound, pair);
        }
        return error;
    }

    private static int handle(PciDevice device, Bound bound, QueuePair pair) {
        int error =
                device.kernel().interrupts().request(device.vector(pair.id), name(device, pair.id), pair::interrupt);
        bound.interruptCount += error == 0 ? 1 : 0;
        return error;
    }

    private static String name(PciDevice device, int queue) {
        return device.name() + "q" + queue;
    }

    @Override
    public void remove(PciDevice device) {
        Bound bound = bound(device);
        Kernel kernel = device.kernel();
        IoMemory registers = bound.registers;
        if (CSTS_RDY.isSet(registers.read32(CSTS))) {
            // Section 7.6.2: what was written is kept.
            registers.write32(CC, CC_SHN.with(registers.read32(CC), SHN_NORMAL));
            kernel.poll(() -> CSTS_SHST.of(registers.read32(CSTS)) == SHST_COMPLETE, LOOK_PICOS, bound.timeoutPicos);
        }
        if (disable(kernel, bound) != 0) {
            kernel.warn("%s: the controller does not let go", device.name());
        }
        device.clearMaster();
        for (int queue = 0; queue < bound.interruptCount; queue++) {
            kernel.interrupts().free(device.vector(queue), name(device, queue));
        }
        bound.admin.pair().release();
        for (IoQueue queue : bound.queues) {
            queue.fail(NvmeStatus.ABORT_REQUESTED);
            queue.pair().release();
        }
    }
}
