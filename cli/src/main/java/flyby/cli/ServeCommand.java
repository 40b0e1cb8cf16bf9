package flyby.cli;

import flyby.fault.FaultLog;
import flyby.live.ServedDevice;
import flyby.study.ScenarioLibrary;
import flyby.vfio.LiveCheck;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "serve",
        header = {"Serve a device to a virtual machine: QEMU plugs it in, an unmodified kernel drives it.", ""},
        description = {
            "",
            "The device is a PCI function behind a vfio-user socket. QEMU 10.1 or newer connects with",
            "  -device '{\"driver\":\"vfio-user-pci\",\"socket\":{\"type\":\"unix\",\"path\":PATH}}'",
            "and memory that is shared; docs/live.md has whole command lines. The server ends with Ctrl-C; it has to"
                    + " outlive QEMU, which ends itself five seconds after its device.",
            "",
            "Examples:",
            "  ./flyby serve nvme --socket /tmp/nvme.sock --file disk.img",
            "  ./flyby serve edu --socket /tmp/edu.sock --set edu.dma=1ms --record edu.rec",
            "  ./flyby serve plx-dma --socket /tmp/plx.sock --fault 'corrupt write every 100th'",
            ""
        })
final class ServeCommand implements Callable<Integer> {
    private final Application application;

    @Option(
            names = "--socket",
            required = true,
            paramLabel = "PATH",
            description = "Where it listens. No file may be there, but for the socket of a server that has ended.")
    private String socket = "";

    @Mixin
    private ServeOptions options = new ServeOptions();

    ServeCommand(Application application) {
        this.application = application;
    }

    @Override
    public Integer call() throws InterruptedException {
        Terminal terminal = application.terminal();
        try (ServedDevice served =
                ServedDevice.serve(options.order(), ScenarioLibrary.path(socket), terminal::complain)) {
            Runnable removal = served::close;
            application.farewell().add(removal);
            terminal.complain("serves " + options.kind() + " at " + socket + "; Ctrl-C ends it");
            served.join();
            application.farewell().settled(removal);
            return told(served);
        }
    }

    private int told(ServedDevice served) {
        FaultLog faults = served.faults();
        if (faults.count() > 0) {
            application.terminal().complain(faults.count() + " faults were made");
        }
        LiveCheck check = served.check();
        return check == null || check.refusedCount() == 0 ? Application.AS_EXPECTED : Application.NOT_AS_EXPECTED;
    }
}
