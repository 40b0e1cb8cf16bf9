package flyby.experiment;

import flyby.study.Registry;
import java.util.List;

/// All experiments that ship.
public final class Experiments {
    private Experiments() {}

    public static Registry shipped() {
        return new Registry(List.of(
                new Contention(),
                new Delivery(),
                new FloppyTransfer(),
                new SoundPlayback(),
                new BridgedSound(),
                new MemoryCopy(),
                new EngineCopy(),
                new SgCopy(),
                new NvmeLoad(),
                new IommuCost(),
                new SgBounce(),
                new PcieBench(),
                new DmaAttack(),
                new PioDma(),
                new InterruptPolling(),
                new DdioNuma(),
                new CoherentStreaming(),
                new Unaligned(),
                new IsaTrap(IsaTrap.Mistake.PAGE_BOUNDARY),
                new IsaTrap(IsaTrap.Mistake.COUNT_OFF_BY_ONE),
                new IsaTrap(IsaTrap.Mistake.FLIP_FLOP),
                new CountWhileRunning(),
                new CacheTrap(CacheTrap.Direction.STALE_READ),
                new CacheTrap(CacheTrap.Direction.LOST_WRITE)));
    }
}
