package flyby.check;

import flyby.check.Finding.Step;
import flyby.dma.Dma;
import flyby.kernel.Kernel;
import flyby.sim.Simulation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What the parts of the checker know together.
final class World {
    final Simulation simulation;
    final Policy policy;
    final CallSites sites;
    final Pages pages = new Pages();
    final Records records = new Records();
    final Ledger ledger = new Ledger();
    final Findings findings;
    final Flights flights = new Flights();
    final LineStories lines;
    final DeviceValues values;
    final Publications publications;
    final RegisterWrites registers = new RegisterWrites();
    final Allocated allocated = new Allocated();

    @Nullable
    Kernel kernel;
    /// By device: the number of its latest write to memory.
    final Map<String, Long> written = new TreeMap<>();
    /// What caches are made of, where devices do not ask them; 1 where they do.
    int lineBytes = 1;

    World(Simulation simulation, Policy policy) {
        this.simulation = simulation;
        this.policy = policy;
        sites = new CallSites(policy.findsLines());
        findings = new Findings(simulation::nowPicos);
        lines = new LineStories(this);
        values = new DeviceValues(this);
        publications = new Publications(this);
    }

    long now() {
        return simulation.nowPicos();
    }

    /// Whether `address` is memory that the kernel gives out.
    boolean isKernels(long address) {
        Kernel known = kernel;
        return known != null && address >= 0 && address < known.memory().end();
    }

    /// What the driver did before, as far as it may have told a device of `given`.
    List<Step> told(long given) {
        List<Step> steps = new ArrayList<>(records.telling(given, 8));
        return steps.isEmpty() ? records.lately(8) : steps;
    }

    /// The line of the driver that did last what a device can see.
    CallSite lastSite() {
        List<Step> steps = records.lately(1);
        return steps.isEmpty() ? CallSite.NONE : steps.getLast().site();
    }

    /// The CPU has stored to a byte of `mapping` that was the device's.
    void stored(Mapping mapping, long address, String when) {
        Page page = pages.make(address);
        Records.Entry store = records.find(page.writers[(int) address & Page.MASK]);
        findings.add(
                Rule.R39,
                Evidence.OWN,
                "the CPU stored to byte 0x%x of %s, which belonged to the device, %s"
                        .formatted(address, mapping.describe(), when),
                "cpu0",
                store.site(),
                mapping,
                "Finish all stores before the map, or sync for the CPU before them and for the device after them.");
    }

    static String name(Dma dma) {
        return dma.deviceName();
    }

    static String hex(byte[] bytes, int offset, int byteCount) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < Math.min(byteCount, 64); i++) {
            text.append(i == 0 ? "" : " ")
                    .append(Character.forDigit(bytes[offset + i] >> 4 & 0xf, 16))
                    .append(Character.forDigit(bytes[offset + i] & 0xf, 16));
        }
        return byteCount > 64 ? text.append(" ...").toString() : text.toString();
    }
}
