package flyby.guest;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// QEMU's command line for a guest.
final class QemuCommand {
    private final List<String> arguments = new ArrayList<>();
    private final StringBuilder kernelArguments = new StringBuilder("console=ttyS0 panic=-1 quiet");
    private int ports;

    /// @param version of the guest's QEMU
    QemuCommand(GuestFiles files, QemuVersion version, Acceleration acceleration, GuestSetup setup) {
        String memory = setup.memoryMebibytes() + "M";
        add(files.qemu().toString(), "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot");
        if (version.compareTo(QemuVersion.WITH_EXIT_WITH_PARENT) >= 0) {
            add("-run-with", "exit-with-parent=on");
        }
        add("-machine", "q35,memory-backend=memory,accel=" + acceleration.word());
        add("-cpu", "max", "-smp", String.valueOf(setup.cpuCount()), "-m", memory);
        // Shared, so that a server gets the memory's descriptor and need not ask for every byte by message.
        add("-object", "memory-backend-memfd,id=memory,share=on,size=" + memory);
        add("-kernel", files.kernel().toString(), "-initrd", files.initramfs().toString());
        arguments.addAll(setup.iommu().qemuArguments());
        tellKernel(setup.iommu().kernelArguments());
    }

    /// A server's device, in JSON: that form alone knows sockets.
    static List<String> vfioUser(Path socket, String bus) {
        String path = socket.toString().replace("\\", "\\\\").replace("\"", "\\\"");
        return List.of(
                "-device",
                "{\"driver\":\"vfio-user-pci\",\"bus\":\"" + bus + "\",\"socket\":{\"type\":\"unix\",\"path\":\"" + path
                        + "\"}}");
    }

    /// Plugs `device` into a root port of its own.
    void plug(GuestDevice.Ready device) {
        String bus = "port" + ports;
        ports++;
        add("-device", "pcie-root-port,id=" + bus + ",chassis=" + ports + ",slot=" + ports);
        arguments.addAll(device.qemuArguments(bus));
    }

    /// A file that the guest finds as `/files/NAME`.
    void give(String name, Path file) {
        add("-fw_cfg", "name=opt/flyby/" + name + ",file=" + doubled(file));
    }

    /// What the guest writes to the port `name` of its own goes to `file`.
    void port(String name, Path file) {
        if (!arguments.contains("virtio-serial-pci")) {
            add("-device", "virtio-serial-pci");
        }
        add("-chardev", "file,id=" + name + ",path=" + doubled(file));
        add("-device", "virtserialport,chardev=" + name + ",name=org.flyby." + name);
    }

    /// In QEMU's lists of properties two commas are one.
    private static String doubled(Path file) {
        return file.toString().replace(",", ",,");
    }

    /// More for the kernel's command line.
    void tellKernel(String words) {
        if (!words.isEmpty()) {
            kernelArguments.append(' ').append(words);
        }
    }

    void add(String... words) {
        arguments.addAll(List.of(words));
    }

    List<String> words() {
        List<String> words = new ArrayList<>(arguments);
        words.addAll(List.of("-append", kernelArguments.toString()));
        return words;
    }
}
