package flyby.cli;

import flyby.guest.Guest;
import flyby.guest.GuestDevice;
import flyby.guest.GuestIommu;
import flyby.guest.GuestSetup;
import flyby.guest.ShelfDevice;
import flyby.live.ServeOrder;
import flyby.params.Given;
import flyby.study.ScenarioLibrary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/// The options that say what machine the guest is.
final class GuestOptions {
    private static final String OF_QEMU = "qemu:";

    @Option(
            names = "--nvme",
            paramLabel = "FILE",
            description = "Plug in an NVMe drive that keeps its blocks in this file. May be repeated.")
    private List<String> drives = new ArrayList<>();

    @Option(
            names = "--device",
            paramLabel = "KIND",
            description = {
                "Plug a device in, behind a root port of its own. May be repeated. KIND[,PATH=VALUE...] is one of"
                        + " Flyby's, with parameters, as in edu,edu.dma=1us.",
                "qemu:DRIVER[,PROPERTY=VALUE...] is one of QEMU's own, as after its -device."
            })
    private List<String> devices = new ArrayList<>();

    @Option(
            names = "--socket",
            paramLabel = "PATH",
            description = "Plug in what ./flyby serve, or any other vfio-user server, serves there. May be repeated.")
    private List<String> sockets = new ArrayList<>();

    @Option(
            names = "--iommu",
            paramLabel = "MODE",
            defaultValue = "off",
            description = "off, strict, lazy or passthrough: how the guest's kernel translates DMA."
                    + " Default: ${DEFAULT-VALUE}")
    private String iommu = "";

    @Option(names = "--cpus", paramLabel = "N", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}")
    private int cpuCount;

    @Option(
            names = "--memory",
            paramLabel = "MIB",
            defaultValue = "1024",
            description = "In MiB. Default: ${DEFAULT-VALUE}")
    private int memoryMebibytes;

    /// The guest of this user in the machine that the options say.
    ///
    /// @throws LabException if there is none, or an option cannot be used
    Guest guest() {
        List<GuestDevice> plugged = new ArrayList<>();
        drives.forEach(file ->
                plugged.add(new ShelfDevice(ServeOrder.of("nvme", List.of()).withFile(ScenarioLibrary.path(file)))));
        devices.forEach(word -> plugged.add(device(word)));
        sockets.forEach(path -> plugged.add(GuestDevice.at(Path.of(path))));
        GuestSetup setup = new GuestSetup(cpuCount, memoryMebibytes, GuestIommu.of(iommu), plugged);
        return Guest.find(System.getenv()).with(setup);
    }

    private static GuestDevice device(String word) {
        if (word.startsWith(OF_QEMU)) {
            return GuestDevice.ofQemu(word.substring(OF_QEMU.length()), List.of());
        }
        List<String> parts = List.of(word.split(",", -1));
        List<Given> given = Given.fromCommandLine(parts.subList(1, parts.size()));
        return new ShelfDevice(ServeOrder.of(parts.getFirst(), given));
    }
}
