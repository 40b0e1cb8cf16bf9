package flyby.machine;

import flyby.aperture.Aperture;
import flyby.attacker.MaliciousNic;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.copy.CopyEngine;
import flyby.function.BaseAddress;
import flyby.function.FunctionDescription;
import flyby.function.RequesterLimits;
import flyby.params.Settings;
import flyby.pcie.TagWidth;
import flyby.ring.RingDevice;
import flyby.sgdma.SgDmaEngine;
import flyby.sgdma.SgProfile;
import flyby.sgdma.layout.SgRegisters;
import flyby.topology.DeviceKind;
import flyby.topology.FunctionCatalogue;
import flyby.topology.Part;
import flyby.traffic.DmaEngine;
import flyby.traffic.TrafficGenerator;

/// The device models that machine descriptions name, and what the functions that hold them tell software.
final class DeviceShelf {
    /// A vendor that no register of assigned vendors has.
    private static final int VENDOR = 0xf1b0;

    /// What a function with Address Translation Services keeps.
    private static final int TRANSLATIONS = 64;

    private DeviceShelf() {}

    /// What the function `part` is.
    static FunctionDescription describe(Part part) {
        Settings settings = part.settings();
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
        FunctionDescription plain = FunctionDescription.of(VENDOR, device.deviceId(), device.classCode())
                .with(BaseAddress.memory32(0, device.registerBytes()))
                .with(limits);
        FunctionDescription description = device == DeviceKind.SG_DMA
                ? plain.withMsix(new FunctionDescription.Msix(
                        count(settings, "sg.channels"), 0, SgRegisters.MSIX_TABLE, SgRegisters.MSIX_PENDING))
                : plain.withMsi(1);
        if (device.memoryBytes() > 0) {
            description = description.with(new BaseAddress(
                    PcieMachine.Plugged.MEMORY_BAR, BaseAddress.Kind.MEMORY_64, true, device.memoryBytes()));
        }
        return settings.flag("ats") ? description.withTranslationCache(TRANSLATIONS) : description;
    }

    /// How many interrupt vectors the function `part` has.
    static int vectors(Part part) {
        return describe(part).vectors();
    }

    /// The device model behind the function `part`, with `host` for its world.
    static Device make(Part part, DeviceHost host) {
        Settings settings = part.settings();
        return settings.flag("hangs") ? new Hung() : working(part, settings, host);
    }

    private static Device working(Part part, Settings settings, DeviceHost host) {
        return switch (FunctionCatalogue.device(settings)) {
            case COPY_ENGINE ->
                new CopyEngine(
                        host,
                        part.name(),
                        new CopyEngine.Profile(
                                Math.toIntExact(settings.count("copy.window")),
                                Math.toIntExact(settings.bytes("copy.unit")),
                                settings.picos("copy.set-up")));
            case TRAFFIC_GENERATOR ->
                new TrafficGenerator(
                        host,
                        part.name(),
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
                        part.name(),
                        new MaliciousNic.Wire(
                                Math.toIntExact(settings.bytes("nic.packet")), settings.picos("nic.interval")));
            case SG_DMA ->
                new SgDmaEngine(
                        host,
                        part.name(),
                        new SgProfile(
                                count(settings, "sg.channels"),
                                count(settings, "sg.window"),
                                Math.toIntExact(settings.bytes("sg.unit")),
                                count(settings, "sg.prefetch"),
                                settings.bytes("sg.length"),
                                settings.picos("sg.set-up")));
            case APERTURE -> new Aperture(host, part.name());
        };
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
