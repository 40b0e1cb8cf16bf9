package flyby.zoo.c;

import static flyby.dma.Direction.TO_DEVICE;
import static flyby.zoo.engine.EngineRegisters.CONTROL;
import static flyby.zoo.engine.EngineRegisters.CONTROL_FIRST;
import static flyby.zoo.engine.EngineRegisters.CONTROL_LAST;
import static flyby.zoo.engine.EngineRegisters.CONTROL_OWN;
import static flyby.zoo.engine.EngineRegisters.CONTROL_POLL;
import static flyby.zoo.engine.EngineRegisters.CONTROL_RUN;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_ADDRESS;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_CONTROL;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_LENGTH;

import flyby.bus.Cpu;
import flyby.check.Rule;
import flyby.dma.Dma;
import flyby.sim.Time;
import flyby.trial.Bench;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineRing;
import flyby.zoo.EngineSpecimen;
import flyby.zoo.engine.EngineOptions;
import java.util.Arrays;
import java.util.List;

/// The descriptor's address and length are stored before its OWN bit, but nothing says that they are to be seen
/// before it: an engine that looks by itself finds OWN, and the address of the packet before. A PC's stores are
/// in order.
public final class C3OwnBeforeBody extends EngineSpecimen {
    private static final int RING = 4;
    private static final int PACKET_BYTES = 64;
    private static final int PACKETS = 12;
    private static final long POLL_PICOS = 100 * Time.NANOSECOND;

    public C3OwnBeforeBody() {
        super(
                new Label(
                        "C3",
                        "The OWN bit is published before the rest of the descriptor",
                        "quartiq/stabilizer #49 (OWN landed after the tail pointer); Linux arm-smmu-v3 6fabce53f6b9; "
                                + "Linux stmmac (barrier before TDES0_OWN)",
                        List.of(Rule.R72),
                        List.of("weak-order")),
                EngineOptions.PLAIN.withPolling(POLL_PICOS));
    }

    @Override
    public void buggy(Bench bench) {
        work(bench, (at, address, byteCount) -> {
            Cpu cpu = bench.cpu();
            cpu.store64(at + DESCRIPTOR_ADDRESS, cpu.le64(address));
            cpu.store32(at + DESCRIPTOR_LENGTH, cpu.le32(byteCount));
            cpu.store32(at + DESCRIPTOR_CONTROL, cpu.le32(CONTROL_OWN | CONTROL_FIRST | CONTROL_LAST)); // BUG
        });
    }

    @Override
    public void fixed(Bench bench) {
        work(bench, (at, address, byteCount) -> {
            Cpu cpu = bench.cpu();
            cpu.store64(at + DESCRIPTOR_ADDRESS, cpu.le64(address));
            cpu.store32(at + DESCRIPTOR_LENGTH, cpu.le32(byteCount));
            cpu.dmaWriteBarrier();
            cpu.store32(at + DESCRIPTOR_CONTROL, cpu.le32(CONTROL_OWN | CONTROL_FIRST | CONTROL_LAST));
        });
    }

    /// How a descriptor is given to the engine.
    @FunctionalInterface
    private interface Post {
        void at(long at, long address, int byteCount);
    }

    /// Sends packets that lie one behind the other.
    private static void work(Bench bench, Post post) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        long packets = engine.buffer(PACKETS * PACKET_BYTES);
        long address = dma.mapSingle(packets, PACKETS * PACKET_BYTES, TO_DEVICE);
        EngineRing ring = EngineRing.start(engine, RING);
        if (dma.mappingError(address) == 0 && ring != null) {
            engine.registers().write32(CONTROL, CONTROL_RUN | CONTROL_POLL);
            boolean isSent = true;
            for (int number = 0; number < PACKETS && isSent; number++) {
                int index = number % RING;
                post.at(ring.place(index), address + (long) number * PACKET_BYTES, PACKET_BYTES);
                isSent = ring.awaitDone(index) != 0;
            }
            bench.expect(areSent(engine.engine().sent()), "the packets that were sent went out");
        }
        if (ring != null) {
            ring.free();
        }
        if (dma.mappingError(address) == 0) {
            dma.unmapSingle(address, PACKETS * PACKET_BYTES, TO_DEVICE);
        }
        engine.free(packets);
        engine.remove();
    }

    private static boolean areSent(List<byte[]> sent) {
        byte[] all = EngineDriver.pattern(PACKETS * PACKET_BYTES);
        boolean areSame = sent.size() == PACKETS;
        for (int i = 0; i < sent.size() && areSame; i++) {
            areSame = Arrays.equals(sent.get(i), Arrays.copyOfRange(all, i * PACKET_BYTES, (i + 1) * PACKET_BYTES));
        }
        return areSame;
    }
}
