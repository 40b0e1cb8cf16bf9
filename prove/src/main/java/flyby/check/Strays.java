package flyby.check;

import flyby.bus.Transaction;
import flyby.check.Finding.Step;
import flyby.dma.Dma;
import flyby.dmar.Protection;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Why a device accesses what is not mapped for it.
final class Strays {
    /// How narrow and how wide devices' addresses are, in bits.
    private static final int NARROWEST = 24;

    private static final int WIDEST = 62;

    private final World world;
    private final ApiRules api;

    Strays(World world, ApiRules api) {
        this.world = world;
        this.api = api;
    }

    /// `access` of `device` goes to `at`, where nothing is mapped.
    void judge(Dma dma, String device, Transaction access, long at) {
        boolean isWrite = access.kind() == Transaction.Kind.WRITE;
        String what = "the device %s %d bytes at 0x%x%s"
                .formatted(isWrite ? "wrote" : "read", access.byteCount(), access.iova(), DeviceRules.purpose(access));
        Mapping before = at > access.iova() ? world.ledger.at(dma, at - 1, isWrite) : null;
        Mapping ended = world.ledger.endedAt(dma, at);
        if (world.policy.isMalicious()) {
            // What an enemy tries is not the driver's doing, but what it still can do is.
            if (ended != null && dma.protection() == Protection.LAZY) {
                afterEnd(ended, device, what);
            }
        } else if (before != null) {
            overrun(before, device, what, access.iova());
        } else if (ended != null) {
            afterEnd(ended, device, what);
        } else if (!isOfOther(dma, device, what, at)
                && !isTruncated(dma, device, what, at)
                && !isOfCpu(device, what, at)
                && !isError(device, what, at)) {
            Mapping near = world.ledger.before(dma, at);
            if (near != null) {
                overrun(near, device, what, near.dmaAddress);
            } else {
                add(
                        Rule.R4,
                        device,
                        what + ", where nothing is mapped",
                        null,
                        world.told(at),
                        "Give the device the address that a map returned, and keep bus mastering off without one.");
            }
        }
    }

    private void add(
            Rule rule, String device, String what, @Nullable Mapping mapping, List<Step> before, String advice) {
        List<Step> life = new ArrayList<>(mapping == null ? List.of() : mapping.life());
        life.addAll(before);
        CallSite site = before.isEmpty()
                ? mapping == null ? CallSite.NONE : mapping.site
                : before.getLast().site();
        Found found = world.findings.add(rule, Evidence.OWN, what, device, site, mapping, advice);
        DeviceRules.addTo(found, life);
    }

    private void overrun(Mapping mapping, String device, String what, long given) {
        add(
                Rule.R4,
                device,
                "%s, beyond the end of %s".formatted(what, mapping.describe()),
                mapping,
                world.told(given),
                "Tell the device how long the buffer is, less what is kept before the data.");
    }

    /// `mapping` was taken back before.
    void afterEnd(Mapping mapping, String device, String what) {
        Records.Entry mastered = world.records.masteredAfter(mapping.endNumber);
        if (mastered != null) {
            Found found = world.findings.add(
                    Rule.R86,
                    Evidence.OWN,
                    "%s, after %s was taken back, and bus mastering switched on later"
                            .formatted(what, mapping.describe()),
                    device,
                    mastered.site(),
                    mapping,
                    "Reset the device before bus mastering is switched on: it may still hold old addresses.");
            DeviceRules.addTo(found, List.of(mastered.step()));
            return;
        }
        RegisterWrites.Write late = world.registers.lateBefore(mapping.endNumber);
        boolean isLazy = mapping.dma.protection() == Protection.LAZY && world.policy.isMalicious();
        Rule rule = late != null ? Rule.R76 : isLazy ? Rule.R83 : Rule.R25;
        String advice = late != null
                ? "Read a register of the device back before what it may use is taken away."
                : isLazy
                        ? "Give devices that are not trusted strict invalidation, and parse a copy."
                        : "Stop the device, wait until it has stopped, and then unmap.";
        Found found = world.findings.add(
                rule,
                Evidence.OWN,
                "%s, after %s was taken back".formatted(what, mapping.describe()),
                device,
                mapping.endSite,
                mapping,
                advice);
        List<Step> more = new ArrayList<>();
        if (late != null) {
            more.add(new Step(
                    late.timePicos,
                    "the CPU wrote 0x%x to the register at 0x%x, which the device heard of later"
                            .formatted(late.value, late.address),
                    late.site));
        }
        more.addAll(world.told(mapping.dmaAddress));
        DeviceRules.addTo(found, more);
    }

    private boolean isOfOther(Dma dma, String device, String what, long at) {
        Mapping others = world.ledger.ofOther(dma, at);
        if (others == null) {
            return false;
        }
        add(
                Rule.R3,
                device,
                "%s, which is mapped for %s".formatted(what, World.name(others.dma)),
                others,
                world.told(at),
                "Map with the device that issues the transfers.");
        return true;
    }

    private boolean isTruncated(Dma dma, String device, String what, long at) {
        for (int bits = WIDEST; bits >= NARROWEST; bits--) {
            Mapping whole = world.ledger.truncatedTo(dma, at, bits);
            if (whole != null) {
                add(
                        bits == 32 ? Rule.R2 : Rule.R10,
                        device,
                        "%s, which is the low part of an address of %s".formatted(what, whole.describe()),
                        whole,
                        world.told(whole.dmaAddress),
                        "Keep DMA addresses in full width, write all of it, and declare the mask that the device has.");
                return true;
            }
        }
        return false;
    }

    private boolean isOfCpu(String device, String what, long at) {
        Mapping addressed = world.ledger.addressed(at);
        boolean isGiven = world.kernel != null
                && world.isKernels(at)
                && world.kernel.memory().allocationAt(at) != null;
        if (addressed == null && !isGiven) {
            return false;
        }
        add(
                Rule.R1,
                device,
                what + ", which is a CPU's address",
                addressed,
                world.told(at),
                "Map the memory, and give the device the address that the map returned.");
        return true;
    }

    /// Whether the address is what a map returns that has failed, or a null that stands for that.
    private boolean isError(String device, String what, long at) {
        boolean isError = (at < 0 && at >= -Page.BYTES) || ((at & 0xffff_f000L) == 0xffff_f000L && at >>> 32 == 0);
        boolean isNull = at >= 0 && at < Page.BYTES;
        if (!isError && !(isNull && api.failedPicos() >= 0)) {
            return false;
        }
        Found found = world.findings.add(
                Rule.R26,
                Evidence.FAULT,
                "%s, the address of a map or an allocation that failed".formatted(what),
                device,
                api.failedSite(),
                List.of(new Step(Math.max(0, api.failedPicos()), "it failed", api.failedSite())),
                "Check with dma_mapping_error(), and for null, before the address is used.");
        DeviceRules.addTo(found, world.told(at));
        return true;
    }
}
