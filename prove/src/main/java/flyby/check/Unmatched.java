package flyby.check;

import flyby.dma.CoherentBuffer;
import flyby.dma.Dma;
import flyby.dma.DmaObserver.Call;
import flyby.dma.DmaPool;
import org.jspecify.annotations.Nullable;

/// What is wrong with a call that takes back, or syncs, what was not given.
final class Unmatched {
    private final World world;

    Unmatched(World world) {
        this.world = world;
    }

    private void add(Call call, Rule rule, String what, CallSite site, @Nullable Mapping mapping, String advice) {
        Found found =
                world.findings.add(rule, Evidence.MAP, what, World.name(call.device()), site, (Mapping) null, advice);
        if (mapping != null && found.life.isEmpty()) {
            found.life.addAll(mapping.life());
        }
    }

    /// An unmap or a free of what is not alive.
    void judge(Call call, CallSite site, String verb) {
        Dma device = call.device();
        long at = call.dmaAddress();
        if (at == Dma.MAPPING_ERROR) {
            add(
                    call,
                    Rule.R27,
                    "the address of a map that failed is %s".formatted(verb),
                    site,
                    null,
                    "Unmap what was mapped, and only that.");
            return;
        }
        Mapping within = world.ledger.at(device, at, false);
        if (within != null) {
            add(
                    call,
                    Rule.R23,
                    "0x%x is %s, which lies within %s".formatted(at, verb, within.describe()),
                    site,
                    within,
                    "Keep the address as the map returned it.");
            return;
        }
        Mapping others = world.ledger.ofOther(device, at);
        if (others != null) {
            add(
                    call,
                    Rule.R23,
                    "0x%x is %s for %s, but was mapped for %s"
                            .formatted(at, verb, World.name(device), World.name(others.dma)),
                    site,
                    others,
                    "Unmap with the device that it was mapped for.");
            return;
        }
        Mapping ended = world.ledger.endedAt(device, at);
        if (ended != null) {
            add(
                    call,
                    Rule.R22,
                    "0x%x is %s a second time".formatted(at, verb),
                    site,
                    ended,
                    "Forget the address when it is unmapped.");
            return;
        }
        add(
                call,
                Rule.R23,
                "0x%x is %s, but nothing was mapped there".formatted(at, verb),
                site,
                null,
                "Keep the address as the map returned it.");
    }

    /// A sync outside what is mapped, or of what needs none.
    void judgeSync(Call call, @Nullable Mapping coherent, CallSite site, String forWhom) {
        long at = call.dmaAddress();
        if (coherent != null) {
            add(
                    call,
                    Rule.R43,
                    "a sync %s of %s".formatted(forWhom, coherent.describe()),
                    site,
                    coherent,
                    "Coherent memory needs barriers, and no syncs.");
            return;
        }
        Mapping ended = world.ledger.endedAt(call.device(), at);
        if (ended != null) {
            add(
                    call,
                    Rule.R4,
                    "a sync %s of 0x%x, which is no longer mapped".formatted(forWhom, at),
                    site,
                    ended,
                    "Sync before the unmap.");
            return;
        }
        Mapping addressed = world.ledger.addressed(at);
        if (addressed != null) {
            add(
                    call,
                    Rule.R1,
                    "a sync %s of 0x%x, which is the CPU's address of %s".formatted(forWhom, at, addressed.describe()),
                    site,
                    addressed,
                    "Sync the address that the map returned.");
            return;
        }
        add(
                call,
                world.isKernels(at) ? Rule.R1 : Rule.R4,
                "a sync %s of 0x%x, where nothing is mapped".formatted(forWhom, at),
                site,
                null,
                "Sync the address that the map returned.");
    }

    /// A block that goes back to a pool.
    void judgeBlock(Dma device, DmaPool pool, CoherentBuffer block, CallSite site) {
        Page page = world.pages.find(block.cpuAddress());
        boolean isFree = page != null && (page.flags[(int) block.cpuAddress() & Page.MASK] & Page.POOLED) != 0;
        Mapping memory = world.ledger.at(device, block.dmaAddress(), true);
        boolean isWhole = memory != null
                && memory.isCoherent()
                && block.dmaAddress() - memory.dmaAddress == block.cpuAddress() - memory.address;
        boolean isOfPool = world.allocated.isOf(block.cpuAddress(), "a block of pool " + pool.name());
        if (isFree || !isWhole || !isOfPool) {
            String what = isFree
                    ? "the block at 0x%x is freed a second time, to pool %s"
                    : !isWhole
                            ? "the block at 0x%x is freed with the address of another, to pool %s"
                            : "the block at 0x%x is not of pool %s, to which it is freed";
            Found found = world.findings.add(
                    Rule.R59,
                    Evidence.MAP,
                    what.formatted(block.cpuAddress(), pool.name()),
                    World.name(device),
                    site,
                    (Mapping) null,
                    "Free each block once, to its pool, with its own address.");
            found.life.addAll(world.allocated.life(block.cpuAddress()));
        }
    }
}
