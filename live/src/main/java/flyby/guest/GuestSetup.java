package flyby.guest;

import flyby.base.LabException;
import java.util.List;

/// What kind of machine the guest is.
///
/// @param cpuCount virtual CPUs, 1 to 64
/// @param memoryMebibytes 512 to 65,536
/// @param iommu whether DMA is translated
/// @param devices what is plugged in, in this order
public record GuestSetup(int cpuCount, int memoryMebibytes, GuestIommu iommu, List<GuestDevice> devices) {
    /// One CPU, 1 GiB, no IOMMU, nothing plugged in.
    public static final GuestSetup PLAIN = new GuestSetup(1, 1_024, GuestIommu.OFF, List.of());

    private static final int CPU_MAX = 64;

    /// Half of it is the initramfs, packed and unpacked.
    private static final int MEMORY_MEBIBYTES_MIN = 512;

    private static final int MEMORY_MEBIBYTES_MAX = 65_536;

    /// @throws LabException if a number is out of range
    public GuestSetup {
        devices = List.copyOf(devices);
        range("--cpus", cpuCount, 1, CPU_MAX);
        range("--memory", memoryMebibytes, MEMORY_MEBIBYTES_MIN, MEMORY_MEBIBYTES_MAX);
    }

    private static void range(String where, int value, int min, int max) {
        if (value < min || value > max) {
            throw new LabException(
                    LabException.Kind.BAD_INPUT, where, String.valueOf(value), "a number from " + min + " to " + max);
        }
    }

    /// The same with other devices.
    public GuestSetup with(List<GuestDevice> others) {
        return new GuestSetup(cpuCount, memoryMebibytes, iommu, others);
    }

    /// The same with another IOMMU.
    public GuestSetup with(GuestIommu other) {
        return new GuestSetup(cpuCount, memoryMebibytes, other, devices);
    }

    /// The same with so many CPUs.
    public GuestSetup withCpus(int count) {
        return new GuestSetup(count, memoryMebibytes, iommu, devices);
    }

    /// The same with so much memory.
    public GuestSetup withMemory(int mebibytes) {
        return new GuestSetup(cpuCount, mebibytes, iommu, devices);
    }
}
