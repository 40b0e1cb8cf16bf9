package flyby.check;

import flyby.kernel.KernelMemory;
import flyby.kernel.KernelMemory.Region;
import flyby.kernel.MemoryWatch;
import java.util.List;

/// Hears what the kernel's allocator gives out and takes back.
final class KernelRules implements MemoryWatch {
    private final World world;
    private final KernelMemory memory;

    KernelRules(World world, KernelMemory memory) {
        this.world = world;
        this.memory = memory;
    }

    @Override
    public void given(long address, long byteCount, Region region, String purpose) {
        flag(address, byteCount, Page.GIVEN);
        if (region == Region.KMALLOC) {
            long room = memory.kmallocBytes(byteCount);
            flag(address + byteCount, room - byteCount, Page.SLACK);
        }
        world.allocated.given(address, byteCount, purpose, CallSites.here(), world.now());
    }

    private void flag(long address, long byteCount, byte flag) {
        byte others = (byte) ~(Page.GIVEN | Page.FREED | Page.SLACK | Page.POOLED);
        for (long at = address; at < address + byteCount; at++) {
            Page page = world.pages.make(at);
            int in = (int) at & Page.MASK;
            page.flags[in] = (byte) ((page.flags[in] & others) | flag);
            page.hasForbidden |= flag != Page.GIVEN;
        }
    }

    @Override
    public void taken(long address, long byteCount) {
        CallSite site = CallSites.here();
        for (long at = address & -Page.BYTES; at < address + byteCount; at += Page.BYTES) {
            Page page = world.pages.find(at);
            for (Mapping mapping : page == null ? List.<Mapping>of() : List.copyOf(page.mappings)) {
                if (mapping.address < address + byteCount && address < mapping.address + mapping.byteCount) {
                    mapped(mapping, address, site);
                }
            }
        }
        flag(address, byteCount, Page.FREED);
        world.allocated.taken(address, site, world.now());
    }

    private void mapped(Mapping mapping, long address, CallSite site) {
        mapping.step(world.now(), "the memory was freed", site);
        world.findings.add(
                Rule.R22,
                Evidence.POISON,
                "memory at 0x%x was freed, of which the device can still reach %s"
                        .formatted(address, mapping.describe()),
                "cpu0",
                site,
                mapping,
                "Unmap first, then free.");
    }
}
