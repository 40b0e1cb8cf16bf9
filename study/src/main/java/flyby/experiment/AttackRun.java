package flyby.experiment;

import static flyby.experiment.DmaAttack.BUFFERS;
import static flyby.experiment.DmaAttack.FROM;
import static flyby.experiment.DmaAttack.HOLDS;
import static flyby.experiment.DmaAttack.IOVAS;
import static flyby.experiment.DmaAttack.LINGER;
import static flyby.experiment.DmaAttack.ORDER;
import static flyby.experiment.DmaAttack.PACE;
import static flyby.experiment.DmaAttack.PACKETS;
import static flyby.experiment.DmaAttack.PHYSICAL;
import static flyby.experiment.DmaAttack.READ;
import static flyby.experiment.DmaAttack.REVISIT;
import static flyby.experiment.DmaAttack.WINDOW;
import static flyby.experiment.DmaAttack.WRITES;

import flyby.attacker.MaliciousNic;
import flyby.attacker.Plan;
import flyby.base.LabException;
import flyby.bus.AddressType;
import flyby.bus.Cpu;
import flyby.driver.NicDriver;
import flyby.kernel.Kernel;
import flyby.machine.KernelSetup;
import flyby.machine.PcieMachine;
import flyby.params.Settings;
import flyby.sim.Time;
import flyby.study.RunContext;
import flyby.study.RunResult;
import flyby.topology.DeviceKind;
import flyby.topology.FunctionCatalogue;
import flyby.topology.MachineDescription;
import flyby.topology.Part;
import flyby.topology.PartKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One machine with a malicious network card, and what its kernel does: keeps secrets, receives and sends packets,
/// and in the end unloads the driver.
final class AttackRun {
    private static final int HALF_PAGE_BYTES = 2_048;
    private static final int PAGE_BYTES = 4_096;
    private static final long FOUR_GIB = 1L << 32;
    private static final long POLL_PICOS = 10 * Time.MICROSECOND;

    private static final List<String> NEIGHBOURS =
            List.of("function pointers of nf_nat", "keys of a file system", "credentials of a process");

    private final AttackDefence defence;
    private final Settings settings;
    private final TracedRun run;
    private final PcieMachine machine;
    private final PcieMachine.Plugged card;
    private final MaliciousNic nic;
    private final Plan plan;
    private final Secrets secrets = new Secrets();
    private final LeakBook book;
    private final int bufferBytes;
    private final byte[] reply = new byte[HALF_PAGE_BYTES];
    private int received;
    private int changedPackets;
    private int neighbours;
    private long startPicos;
    private @Nullable Kernel kernel;

    AttackRun(AttackDefence defence, RunContext context) {
        this.defence = defence;
        settings = context.settings();
        MachineDescription description = defence.of(context.machine().orElseThrow());
        if (defence == AttackDefence.ATS_BLOCKED
                && description.all(PartKind.SWITCH).isEmpty()) {
            throw lacks(description, "no switch", "a switch above the card, whose ports can block translated requests");
        }
        run = new TracedRun(defence.word(), context, TracedRun.SERVER_PATIENCE_PICOS);
        machine = new PcieMachine(run.simulation(), description);
        card = machine.device(cardOf(description));
        nic = (MaliciousNic) card.device();
        bufferBytes = defence.hasWholePages() ? PAGE_BYTES : HALF_PAGE_BYTES;
        plan = plan();
        book = new LeakBook(
                secrets,
                machine.caches(),
                new PageWalk(machine.iommu(), machine.caches(), card.function().id()),
                defence.isIdentity(),
                plan.window(),
                run.simulation()::nowPicos);
    }

    private static String cardOf(MachineDescription machine) {
        return machine.all(PartKind.FUNCTION).stream()
                .filter(part -> FunctionCatalogue.device(part.settings()) == DeviceKind.MALICIOUS_NIC)
                .map(Part::name)
                .findFirst()
                .orElseThrow(() -> lacks(
                        machine,
                        "no malicious card",
                        "a function with device: " + DeviceKind.MALICIOUS_NIC.word()
                                + ", as machine.profile: desktop-dock has"));
    }

    private static LabException lacks(MachineDescription machine, String found, String expected) {
        return new LabException(LabException.Kind.BAD_INPUT, "machine " + machine.name(), found, expected);
    }

    private Plan plan() {
        List<Plan.Range> scans = new ArrayList<>();
        long physical = settings.bytes(PHYSICAL);
        if (physical > 0) {
            scans.add(new Plan.Range(settings.address(FROM), physical));
        }
        long iovas = settings.bytes(IOVAS);
        if (iovas > 0) {
            scans.add(new Plan.Range(FOUR_GIB - iovas, iovas));
        }
        if (settings.choice(ORDER).equals("iovas-first")) {
            scans = scans.reversed();
        }
        return new Plan(
                Math.toIntExact(settings.bytes(READ)),
                Math.toIntExact(settings.count(WINDOW)),
                settings.picos(PACE),
                scans,
                defence.isAboutTranslations() ? AddressType.TRANSLATED : AddressType.UNTRANSLATED,
                settings.picos(REVISIT),
                settings.flag(WRITES),
                Secrets.SIGNATURE,
                Math.toIntExact(settings.count(HOLDS)));
    }

    RunResult result() {
        nic.corrupt(plan, book);
        run.run(machine.cpu()::run, this::program, run.hash()::recordCount, machine::waiting);
        book.settle();
        if (defence.isHeldToTables()) {
            book.expectWithinTables();
        }
        return new LeakReport(this).result();
    }

    private void program(Cpu cpu) {
        KernelSetup setup = new KernelSetup(machine, cpu);
        Kernel running = setup.kernel();
        kernel = running;
        secrets.keep(running, "private key of the server", PAGE_BYTES, false);
        secrets.keep(running, "page cache", 4 * PAGE_BYTES, false);
        NicDriver driver = new NicDriver(running, setup.dma(card), card.registers(), card.vector(), bufferBytes, book);
        run.beginNow();
        startPicos = cpu.nowPicos();
        for (int i = 0; i < settings.count(BUFFERS); i++) {
            driver.postReceive();
            neighbour(running, NEIGHBOURS.get(neighbours % NEIGHBOURS.size()));
        }
        driver.open();
        nic.attack();
        traffic(running, driver);
        // Whoever has got the memory beside a packet that the card has not given back uses it now.
        secrets.fill(cpu);
        running.sleep(settings.picos(LINGER));
        driver.stop();
        running.sleep(settings.picos(LINGER));
        while (!nic.malice().isScanned()) {
            running.sleep(POLL_PICOS);
        }
        nic.desist();
        // What is under way comes to its end.
        running.sleep(POLL_PICOS);
    }

    private void traffic(Kernel running, NicDriver driver) {
        long packets = settings.count(PACKETS);
        while (received < packets) {
            int count = driver.serve(this::receive);
            for (int i = 0; i < count; i++) {
                driver.postReceive();
                neighbour(running, NEIGHBOURS.get(neighbours % NEIGHBOURS.size()));
                if ((received - i) % 2 == 0) {
                    driver.send(reply, reply.length);
                    secrets.keepLater(running, "unix socket of another process", HALF_PAGE_BYTES);
                }
            }
        }
        while (driver.sendingCount() > plan.holds()) {
            driver.serve(this::receive);
        }
    }

    /// The card gives each byte of a packet the packet's number and its place.
    private void receive(byte[] packet, int byteCount) {
        received++;
        for (int i = 0; i < byteCount; i++) {
            if (packet[i] != (byte) (received + i)) {
                changedPackets++;
                return;
            }
        }
    }

    private void neighbour(Kernel running, String owner) {
        secrets.keep(running, owner, HALF_PAGE_BYTES, neighbours % NEIGHBOURS.size() == 0);
        neighbours++;
    }

    AttackDefence defence() {
        return defence;
    }

    Settings settings() {
        return settings;
    }

    TracedRun run() {
        return run;
    }

    PcieMachine machine() {
        return machine;
    }

    Secrets secrets() {
        return secrets;
    }

    LeakBook book() {
        return book;
    }

    long received() {
        return received;
    }

    /// Packets that were no longer as the card had put them into their buffers when the kernel looked at them.
    long changedPackets() {
        return changedPackets;
    }

    /// From the beginning to the end of the scan.
    long scanPicos() {
        return nic.malice().scanEndPicos() - startPicos;
    }

    /// Bytes that were read in that time.
    long scannedBytes() {
        return nic.malice().scanBytes();
    }

    /// What the kernel has warned of.
    List<String> warnings() {
        Kernel running = kernel;
        return running == null ? List.of() : running.log().warnings();
    }
}
