package flyby.guest;

import flyby.base.LabException;
import flyby.params.Quote;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// Whether the guest has an IOMMU, and how its kernel uses it.
///
/// With one, each mapping of a driver arrives at the device's server, which so knows the driver's DMA windows.
public enum GuestIommu {
    /// None: devices see all of the guest's memory.
    OFF(""),
    /// Intel's; an unmapped window is gone before the driver goes on.
    STRICT("intel_iommu=on iommu.strict=1"),
    /// Intel's; unmapped windows are invalidated in batches.
    LAZY("intel_iommu=on iommu.strict=0"),
    /// Intel's, with all memory mapped for the kernel's own drivers.
    PASSTHROUGH("intel_iommu=on iommu.passthrough=1");

    private final String kernelArguments;

    GuestIommu(String kernelArguments) {
        this.kernelArguments = kernelArguments;
    }

    /// What the guest's kernel is told; empty if it has no IOMMU.
    String kernelArguments() {
        return kernelArguments;
    }

    /// The one that a person calls `word`.
    public static GuestIommu of(String word) {
        return Arrays.stream(values())
                .filter(each -> each.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new LabException(
                        LabException.Kind.BAD_INPUT,
                        "--iommu",
                        Quote.of(word),
                        Arrays.stream(values()).map(GuestIommu::word).collect(Collectors.joining(", "))));
    }

    String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /// What QEMU is told. Without `caching-mode` QEMU aborts when a device is attached: it could not follow what
    /// the guest maps.
    List<String> qemuArguments() {
        return this == OFF ? List.of() : List.of("-device", "intel-iommu,caching-mode=on");
    }
}
