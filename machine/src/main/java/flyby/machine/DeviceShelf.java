package flyby.machine;

import flyby.aperture.Aperture;
import flyby.attacker.MaliciousNic;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.copy.CopyEngine;
import flyby.edu.Edu;
import flyby.function.BaseAddress;
import flyby.function.FunctionDescription;
import flyby.function.RequesterLimits;
import flyby.ioat.IoatEngine;
import flyby.ioat.IoatProfile;
import flyby.ioat.layout.IoatRegisters;
import flyby.nvme.BlockStore;
import flyby.nvme.NvmeController;
import flyby.nvme.NvmeProfile;
import flyby.nvme.SparseStore;
import flyby.nvme.layout.NvmeRegisters;
import flyby.params.Origin;
import flyby.params.Settings;
import flyby.pcie.TagWidth;
import flyby.plx.PlxDmaEngine;
import flyby.plx.PlxProfile;
import flyby.ring.RingDevice;
import flyby.sgdma.SgDmaEngine;
import flyby.sgdma.SgProfile;
import flyby.sgdma.layout.SgRegisters;
import flyby.topology.Card;
import flyby.topology.DeviceKind;
import flyby.topology.FunctionCatalogue;
import flyby.traffic.DmaEngine;
import flyby.traffic.TrafficGenerator;
import flyby.transfer.Copier;
import org.jspecify.annotations.Nullable;

/// The device models that machine descriptions and commands name, and what the functions that hold them tell software.
public final class DeviceShelf {
    /// What a function with Address Translation Services keeps.
    private static final int TRANSLATIONS = 64;

    /// QEMU's hw/misc/edu.c, edu_class_init.
    private static final int EDU_REVISION = 0x10;

    private DeviceShelf() {}

    /// What a function with `settings`, which are of [FunctionCatalogue], is.
    public static FunctionDescription describe(Settings settings) {
        DeviceKind device = FunctionCatalogue.device(settings);
        TagWidth tags = FunctionCatalogue.tags(settings);
        int readBytes = Math.toIntExact(settings.bytes("mrrs"));
        RequesterLimits limits = new RequesterLimits(
                tags,
                tags.tagCount(),
                readBytes,
                RequesterLimits.PLAIN.writeBytesMax(),
                RequesterLimits.Pace.UNLIMITED,
                RequesterLimits.Pace.UNLIMITED);
        FunctionDescription plain = FunctionDescription.of(device.vendorId(), device.deviceId(), device.classCode())
                .with(
                        device == DeviceKind.NVME
                                ? BaseAddress.memory64(0, device.registerBytes())
                                : BaseAddress.memory32(0, device.registerBytes()))
                .with(limits);
        FunctionDescription description = switch (device) {
            case SG_DMA ->
                plain.withMsix(new FunctionDescription.Msix(
                        count(settings, "sg.channels"), 0, SgRegisters.MSIX_TABLE, SgRegisters.MSIX_PENDING));
            case EDU -> plain.withRevision(EDU_REVISION).withPin(1).withMsi(1);
            case PLX_DMA -> plain.withPin(1).withMsi(1);
            case NVME ->
                plain.withPin(1)
                        .withMsix(new FunctionDescription.Msix(
                                NvmeProfile.vectorsFor(count(settings, "nvme.queues")),
                                0,
                                NvmeRegisters.MSIX_TABLE,
                                NvmeRegisters.MSIX_PENDING));
            case IOAT ->
                plain.withPin(1)
                        .withMsi(1)
                        .withMsix(new FunctionDescription.Msix(
                                count(settings, "ioat.channels"),
                                0,
                                IoatRegisters.MSIX_TABLE,
                                IoatRegisters.MSIX_PENDING));
            default -> plain.withMsi(1);
        };
        if (device.memoryBytes() > 0) {
            description = description.with(
                    new BaseAddress(Card.MEMORY, BaseAddress.Kind.MEMORY_64, true, device.memoryBytes()));
        }
        return settings.flag("ats") ? description.withTranslationCache(TRANSLATIONS) : description;
    }

    /// The device model behind a function with `settings`, which are of [FunctionCatalogue].
    ///
    /// @param name how traces call it
    /// @param host its world
    public static Device make(String name, Settings settings, DeviceHost host) {
        return make(name, settings, host, Supplies.NONE);
    }

    /// The same, with what the world outside has for it.
    ///
    /// @param name how traces call it; drives whose names differ have serial numbers that differ
    public static Device make(String name, Settings settings, DeviceHost host, Supplies supplies) {
        return settings.flag("hangs") ? new Hung() : working(name, settings, host, supplies);
    }

    /// What devices need that is not of a machine, such as a user's file.
    public interface Supplies {
        /// Nothing: what devices keep, they keep in memory.
        Supplies NONE = () -> null;

        /// The medium of a drive, or null for one in memory.
        @Nullable
        BlockStore medium();
    }

    private static Device working(String name, Settings settings, DeviceHost host, Supplies supplies) {
        return switch (FunctionCatalogue.device(settings)) {
            case COPY_ENGINE ->
                new CopyEngine(
                        host,
                        name,
                        new CopyEngine.Profile(
                                Math.toIntExact(settings.count("copy.window")),
                                Math.toIntExact(settings.bytes("copy.unit")),
                                settings.picos("copy.set-up")));
            case TRAFFIC_GENERATOR ->
                new TrafficGenerator(
                        host,
                        name,
                        DmaEngine.IDEAL,
                        Math.toIntExact(settings.count("traffic.depth")),
                        Math.toIntExact(settings.bytes("traffic.size")));
            case RING ->
                new RingDevice(
                        host,
                        new RingDevice.Profile(
                                Math.toIntExact(settings.count("ring.window")),
                                Math.toIntExact(settings.bytes("ring.unit")),
                                Math.toIntExact(settings.count("ring.fetch"))));
            case MALICIOUS_NIC ->
                new MaliciousNic(
                        host,
                        name,
                        new MaliciousNic.Wire(
                                Math.toIntExact(settings.bytes("nic.packet")), settings.picos("nic.interval")));
            case SG_DMA ->
                new SgDmaEngine(
                        host,
                        name,
                        new SgProfile(
                                count(settings, "sg.channels"),
                                count(settings, "sg.window"),
                                Math.toIntExact(settings.bytes("sg.unit")),
                                count(settings, "sg.prefetch"),
                                settings.bytes("sg.length"),
                                settings.picos("sg.set-up")));
            case APERTURE -> new Aperture(host, name);
            case EDU ->
                new Edu(
                        host,
                        name,
                        new Edu.Profile(
                                settings.picos("edu.multiplication"),
                                settings.picos("edu.dma"),
                                settings.address("edu.mask")));
            case PLX_DMA ->
                new PlxDmaEngine(
                        host,
                        name,
                        new PlxProfile(
                                copies(settings, "plx"),
                                count(settings, "plx.prefetch"),
                                settings.picos("plx.set-up")));
            case NVME -> drive(name, settings, host, supplies.medium());
            case IOAT -> new IoatEngine(host, name, ioat(settings));
        };
    }

    private static IoatProfile ioat(Settings settings) {
        return new IoatProfile(
                count(settings, "ioat.channels"), copies(settings, "ioat"), count(settings, "ioat.capacity"));
    }

    /// How the engine whose parameters begin with `prefix` cuts its copies.
    private static Copier.Shape copies(Settings settings, String prefix) {
        return new Copier.Shape(count(settings, prefix + ".window"), Math.toIntExact(settings.bytes(prefix + ".unit")));
    }

    private static Device drive(String name, Settings settings, DeviceHost host, @Nullable BlockStore given) {
        int queues = count(settings, "nvme.queues");
        NvmeProfile profile = new NvmeProfile(
                queues,
                NvmeProfile.vectorsFor(queues),
                Integer.parseInt(settings.choice("nvme.block")),
                latency(settings, "nvme.read-latency", given),
                latency(settings, "nvme.write-latency", given),
                latency(settings, "nvme.flush-latency", given));
        BlockStore store = given == null ? new SparseStore(settings.bytes("nvme.size")) : given;
        return new NvmeController(host, name, profile, store);
    }

    /// What a medium takes that comes from outside, it takes by itself.
    private static long latency(Settings settings, String path, @Nullable BlockStore given) {
        boolean isOwn = given != null && settings.resolved(path).origin().equals(Origin.DEFAULT);
        return isOwn ? 0 : settings.picos(path);
    }

    private static int count(Settings settings, String path) {
        return Math.toIntExact(settings.count(path));
    }

    /// A device that has hung, so that drivers wait for it in vain.
    private static final class Hung implements Device {
        @Override
        public long readRegister(int region, long offset, int byteCount) {
            return 0;
        }

        @Override
        public void writeRegister(int region, long offset, int byteCount, long value) {
            // It no longer hears anything.
        }

        @Override
        public void reset() {
            // It takes more than that.
        }
    }
}
