package flyby.check;

import flyby.check.Finding.Step;
import flyby.check.Flights.Flight;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Whether devices see in coherent memory what the program stored before what told them of it.
///
/// A device that was told by a register write must see all stores that went before it. One that polls may see some
/// stores and not others, as long as it does not act on them: so what it saw is a finding only when it goes on with
/// something else, and the program has not stored more to the same place meanwhile.
final class Publications {
    /// What a device saw, and may act on.
    private record Doubt(
            String device,
            Mapping mapping,
            long address,
            int byteCount,
            long iova,
            List<Step> steps,
            CallSite site,
            String expected,
            String seen) {}

    private final World world;
    private final List<Doubt> doubts = new ArrayList<>();
    private final Map<String, Long> seen = new TreeMap<>();

    Publications(World world) {
        this.world = world;
    }

    /// The number of the latest store that `device` has seen.
    long seenBy(String device) {
        return seen.getOrDefault(device, 0L);
    }

    /// The program stores to these bytes: what a device saw there was not all.
    void stored(long address, int byteCount) {
        if (!doubts.isEmpty()) {
            doubts.removeIf(each -> each.address < address + byteCount && address < each.address + each.byteCount);
        }
    }

    /// `device` reads: it has looked at what it read before. If it reads that again, it has not acted on it.
    void reads(String device, long iova, int byteCount) {
        doubts.removeIf(each ->
                each.device.equals(device) && each.iova < iova + byteCount && iova < each.iova + each.byteCount);
        acts(device);
    }

    /// `device` does something in consequence of what it has read.
    ///
    /// @return whether that was wrong
    boolean acts(String device) {
        boolean isWrong = false;
        for (int i = doubts.size() - 1; i >= 0; i--) {
            if (doubts.get(i).device.equals(device)) {
                report(doubts.remove(i));
                isWrong = true;
            }
        }
        return isWrong;
    }

    private void report(Doubt doubt) {
        Found found = world.findings.add(
                Rule.R72,
                Evidence.ORDER,
                "the device saw what says that 0x%x is its own, and older bytes beside it".formatted(doubt.iova),
                doubt.device,
                doubt.site,
                doubt.mapping,
                "A dma_wmb() belongs between filling a descriptor and giving it away.");
        found.bytes(doubt.expected, doubt.seen);
        DeviceRules.addTo(found, doubt.steps);
    }

    /// `device` has read these bytes of coherent memory.
    void read(
            Mapping mapping,
            String device,
            @Nullable Flight flight,
            long address,
            byte[] bytes,
            int offset,
            int count,
            CpuRules cpu) {
        long newest = flight == null ? 0 : flight.seenNumber;
        Records.@Nullable Entry missed = null;
        int at = 0;
        Records.Entry writer = Records.NONE;
        for (int i = 0; i < count; i++) {
            Page page = world.pages.make(address + i);
            int in = (int) (address + i) & Page.MASK;
            if (page.writers[in] != writer.number()) {
                writer = world.records.find(page.writers[in]);
            }
            if ((page.flags[in] & Page.KNOWN) == 0 || writer.kind() != Records.Kind.STORE) {
                continue;
            }
            if (page.values[in] == bytes[offset + i]) {
                newest = Math.max(newest, writer.number());
            } else if (!cpu.isPending(address + i) && (missed == null || writer.number() < missed.number())) {
                missed = writer;
                at = i;
            }
        }
        if (missed == null) {
            seen.merge(device, newest, Math::max);
            return;
        }
        long told = flight == null ? 0 : flight.toldNumber;
        if (told > missed.number()) {
            late(mapping, device, missed, address + at, bytes, offset + at, count - at, told);
        } else if (newest > missed.number()) {
            doubt(mapping, device, missed, newest, address, bytes, offset, count, at);
        }
    }

    private void late(
            Mapping mapping,
            String device,
            Records.Entry missed,
            long address,
            byte[] bytes,
            int offset,
            int count,
            long told) {
        Page page = world.pages.make(address);
        int in = (int) address & Page.MASK;
        int length = Math.min(Math.min(count, 32), Page.BYTES - in);
        Found found = world.findings.add(
                Rule.R74,
                Evidence.ORDER,
                "the device, woken by a register write, read older bytes at 0x%x than had been stored before it"
                        .formatted(mapping.dmaAddress + (address - mapping.address)),
                device,
                world.records.find(told).site(),
                mapping,
                "A wmb() belongs before a relaxed register write; writel() has one in it.");
        found.bytes(World.hex(page.values, in, length), World.hex(bytes, offset, length));
        DeviceRules.addTo(found, List.of(missed.step(), world.records.find(told).step()));
    }

    private void doubt(
            Mapping mapping,
            String device,
            Records.Entry missed,
            long newest,
            long address,
            byte[] bytes,
            int offset,
            int count,
            int at) {
        Page page = world.pages.make(address + at);
        int in = (int) (address + at) & Page.MASK;
        int length = Math.min(Math.min(count - at, 32), Page.BYTES - in);
        Records.Entry later = world.records.find(newest);
        doubts.add(new Doubt(
                device,
                mapping,
                address,
                count,
                mapping.dmaAddress + (address - mapping.address),
                List.of(missed.step(), later.step()),
                later.site(),
                World.hex(page.values, in, length),
                World.hex(bytes, offset + at, length)));
    }

    /// The run is over: what devices saw last, they act on.
    void over() {
        doubts.clear();
    }
}
