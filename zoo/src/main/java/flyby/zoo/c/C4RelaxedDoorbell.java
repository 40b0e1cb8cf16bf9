package flyby.zoo.c;

import static flyby.dma.Direction.TO_DEVICE;
import static flyby.zoo.engine.EngineRegisters.CONTROL_FIRST;
import static flyby.zoo.engine.EngineRegisters.CONTROL_LAST;
import static flyby.zoo.engine.EngineRegisters.TAIL;

import flyby.check.Rule;
import flyby.dma.Dma;
import flyby.sim.Time;
import flyby.trial.Bench;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineRing;
import flyby.zoo.EngineSpecimen;
import flyby.zoo.engine.EngineOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The doorbell is rung by a relaxed write, which nothing orders behind the descriptor: the engine is woken, and
/// fetches a descriptor that is still in the CPU's store buffer. On a PC stores do not wait behind register
/// writes.
public final class C4RelaxedDoorbell extends EngineSpecimen {
    private static final int RING = 4;
    private static final int PACKET_BYTES = 64;
    private static final int PACKETS = 12;
    private static final long ACCESS_PICOS = 5 * Time.NANOSECOND;

    public C4RelaxedDoorbell() {
        super(
                new Label(
                        "C4",
                        "The doorbell is not ordered behind the descriptor",
                        "STM32H5 HAL #37 (__DMB before the tail register loses packets, __DSB does not); "
                                + "au-ts/sddf #649 and #369 (barriers for each doorbell)",
                        List.of(Rule.R74),
                        List.of("weak-order")),
                EngineOptions.PLAIN.withLatency(ACCESS_PICOS, ACCESS_PICOS));
    }

    @Override
    public void buggy(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        long packet = engine.buffer(PACKET_BYTES);
        long address = dma.mapSingle(packet, PACKET_BYTES, TO_DEVICE);
        EngineRing ring = EngineRing.start(engine, RING);
        if (dma.mappingError(address) == 0 && ring != null) {
            boolean isSent = true;
            for (int number = 0; number < PACKETS && isSent; number++) {
                int index = ring.fill(address, PACKET_BYTES, CONTROL_FIRST | CONTROL_LAST);
                engine.registers().write32Relaxed(TAIL, ring.next()); // BUG
                isSent = ring.awaitDone(index) != 0;
                bench.expect(isSent, "the packet was sent");
            }
        }
        finish(engine, ring, packet, address);
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        long packet = engine.buffer(PACKET_BYTES);
        long address = dma.mapSingle(packet, PACKET_BYTES, TO_DEVICE);
        EngineRing ring = EngineRing.start(engine, RING);
        if (dma.mappingError(address) == 0 && ring != null) {
            boolean isSent = true;
            for (int number = 0; number < PACKETS && isSent; number++) {
                int index = ring.fill(address, PACKET_BYTES, CONTROL_FIRST | CONTROL_LAST);
                bench.cpu().writeBarrier();
                engine.registers().write32Relaxed(TAIL, ring.next());
                isSent = ring.awaitDone(index) != 0;
                bench.expect(isSent, "the packet was sent");
            }
        }
        finish(engine, ring, packet, address);
    }

    private static void finish(EngineDriver engine, @Nullable EngineRing ring, long packet, long address) {
        if (ring != null) {
            ring.free();
        }
        if (engine.dma().mappingError(address) == 0) {
            engine.dma().unmapSingle(address, PACKET_BYTES, TO_DEVICE);
        }
        engine.free(packet);
        engine.remove();
    }
}
