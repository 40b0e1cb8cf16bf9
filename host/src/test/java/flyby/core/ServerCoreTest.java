package flyby.core;

import static flyby.core.Bench.NS;
import static flyby.core.Bench.REGISTERS;
import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.Completion;
import flyby.bus.MemoryType;
import flyby.trace.Ledger;
import flyby.trace.Trace;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What driver code costs on a core, and what others see of it. Times are those of [Bench], added up by hand.
final class ServerCoreTest {
    private final Bench bench = new Bench();
    private final long[] got = new long[4];

    @Test
    void loadsAndStoresGoThroughTheCache() {
        long end = bench.run(cpu -> {
            cpu.store64(0x100, 0x0102_0304_0506_0708L);
            got[0] = cpu.load32(0x102);
            got[1] = cpu.load8(0x107);
        });

        assertThat(end).isEqualTo((1 + 100 + 1 + 1 + 1 + 1) * NS);
        assertThat(got).startsWith(0x0304_0506L, 1);
        assertThat(bench.bytes.read64(0x100)).as("memory does not know yet").isZero();
    }

    @Test
    void anAccessAcrossTwoLinesIsTwo() {
        long end = bench.run(cpu -> {
            cpu.store64(0x13c, 0x0102_0304_0506_0708L);
            got[0] = cpu.load64(0x13c);
        });

        assertThat(end).isEqualTo((1 + 100 + 100 + 1 + 1 + 1) * NS);
        assertThat(got[0]).isEqualTo(0x0102_0304_0506_0708L);
    }

    @Test
    void aRegisterReadWaitsForItsAnswerAndAWriteDoesNot() {
        long end = bench.run(cpu -> {
            cpu.mmioWrite32(REGISTERS, 0x0a0b0c0dL);
            got[0] = cpu.mmioRead16(REGISTERS + 4);
        });

        assertThat(end).isEqualTo((1 + 1 + 500) * NS);
        assertThat(got[0]).isEqualTo(0x7788);
        assertThat(bench.seen).containsExactly("1 ns write 10000: 0d0c0b0a", "2 ns read 10004: 2");
    }

    @Test
    void aWriteWaitsWhereThePortHasNoRoom() {
        bench.room = 2;
        bench.run(cpu -> {
            for (int i = 0; i < 3; i++) {
                cpu.mmioWrite8(REGISTERS + i, i);
            }
        });

        assertThat(bench.seen)
                .containsExactly("1 ns write 10000: 00", "2 ns write 10001: 01", "302 ns write 10002: 02");
    }

    @Test
    void portsAreNotMemory() {
        bench.run(cpu -> {
            cpu.outb(0x1ff, 0x80);
            got[0] = cpu.inb(0x60);
        });

        assertThat(bench.seen).containsExactly("1 ns write 4000000000000080: ff", "2 ns read 4000000000000060: 1");
        assertThat(got[0]).isEqualTo(0x88);
    }

    /// Two fill buffers: the third line starts when the first is there, and the fourth when the second is.
    @Test
    void aBlockMoveHasAsManyLinesUnderWayAsThereAreFillBuffers() {
        bench.bytes.write8(0x1ff, 7);
        byte[] into = new byte[256];
        long end = bench.run(cpu -> cpu.loadBytes(0x100, into, 0, 256));

        assertThat(into[255]).isEqualTo((byte) 7);
        // 8 words a line: starts at 8, 16, 108 and then, its words issued, at 116.
        assertThat(end).isEqualTo((116 + 100) * NS);
    }

    @Test
    void uncachedMemoryIsMemoryItself() {
        bench.types.set(0x1000, 0x1000, MemoryType.UNCACHED);
        bench.bytes.write8(0x1000, 7);
        long end = bench.run(cpu -> {
            got[0] = cpu.load8(0x1000);
            cpu.store8(0x1001, 9);
            got[1] = cpu.load8(0x1000);
        });

        assertThat(end)
                .as("memory each time, and a write once the last level has passed it on")
                .isEqualTo((1 + 100 + 1 + 20 + 1 + 100) * NS);
        assertThat(got).startsWith(7, 7);
        assertThat(bench.bytes.read8(0x1001)).isEqualTo(9);
    }

    @Test
    void combinedStoresGoOutByTheLineInRunsAndBeforeWhateverIsUncached() {
        bench.types.set(REGISTERS, 0x1000, MemoryType.WRITE_COMBINING);
        bench.run(cpu -> {
            for (int i = 0; i < 8; i++) {
                cpu.store64(REGISTERS + 8L * i, i);
            }
            cpu.store8(REGISTERS + 0x81, 1);
            cpu.store16(REGISTERS + 0x84, 0x302);
            cpu.store8(REGISTERS + 0x86, 4);
            cpu.mmioWrite8(REGISTERS + 0x1000, 5);
        });

        StringBuilder line = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            line.append('0').append(i).append("00000000000000");
        }
        assertThat(bench.seen)
                .containsExactly(
                        "8 ns write 10000: " + line,
                        "12 ns write 10081: 01",
                        "12 ns write 10084: 020304",
                        "12 ns write 11000: 05");
    }

    @Test
    void combinedStoresToMemoryAreThereAfterABarrier() {
        bench.types.set(0x1000, 0x1000, MemoryType.WRITE_COMBINING);
        long end = bench.run(cpu -> {
            cpu.store32(0x1000, 7);
            got[0] = bench.bytes.read32(0x1000);
            cpu.barrier();
            got[1] = bench.bytes.read32(0x1000);
        });

        assertThat(got).startsWith(0, 7);
        assertThat(end).isEqualTo((1 + 20) * NS);
    }

    @Test
    void combiningBuffersRunOutAndBarriersEmptyThem() {
        bench.types.set(REGISTERS, 0x1000, MemoryType.WRITE_COMBINING);
        bench.run(cpu -> {
            cpu.store8(REGISTERS, 1);
            cpu.store8(REGISTERS + 0x40, 2);
            cpu.store8(REGISTERS + 0x80, 3);
            cpu.barrier();
        });

        assertThat(bench.seen).containsExactly("3 ns write 10000: 01", "3 ns write 10040: 02", "3 ns write 10080: 03");
    }

    @Test
    void aMessageIsTakenOnceAndAWireUntilItIsTakenBack() {
        Completion all = new Completion("both");
        InterruptVectors vectors = bench.core.vectors();
        bench.simulation.event("message", () -> vectors.interrupt(40, true)).at(200 * NS);
        bench.simulation.event("wire", () -> vectors.wire(41, true)).at(200 * NS);
        long end = bench.run(cpu -> {
            cpu.requestInterrupt(40, () -> {
                got[0]++;
                all.complete();
            });
            cpu.requestInterrupt(41, () -> {
                got[1]++;
                if (got[1] == 2) {
                    vectors.wire(41, false);
                }
            });
            cpu.await(all);
        });

        assertThat(got).startsWith(1, 2);
        assertThat(end).as("the higher vector first, twice").isEqualTo((200 + 3 * (50 + 30)) * NS);
    }

    @Test
    void aMessageDuringItsHandlerIsTakenAgain() {
        InterruptVectors vectors = bench.core.vectors();
        bench.simulation.event("first", () -> vectors.interrupt(40, true)).at(10 * NS);
        bench.simulation.event("second", () -> vectors.interrupt(40, true)).at(100 * NS);
        bench.simulation
                .event("third, which is one with it", () -> vectors.interrupt(40, true))
                .at(110 * NS);
        bench.run(cpu -> {
            cpu.requestInterrupt(40, () -> {
                got[0]++;
                cpu.mmioRead8(REGISTERS);
            });
            cpu.delay(20 * NS);
            cpu.delay(20 * NS);
        });

        assertThat(got[0]).isEqualTo(2);
    }

    /// The answer of a register and an interrupt wake the same coroutine, and neither is taken for the other.
    @Test
    void anInterruptWhileARegisterIsReadWaits() {
        bench.simulation
                .event("message", () -> bench.core.vectors().interrupt(40, true))
                .at(100 * NS);
        bench.run(cpu -> {
            cpu.requestInterrupt(40, () -> got[1] = cpu.nowPicos());
            got[0] = cpu.mmioRead32(REGISTERS);
        });

        assertThat(got).startsWith(0x5566_7788L, (1 + 500 + 50) * NS);
    }

    @Test
    void phasesOfATransferAddUp() {
        Ledger ledger = new Ledger();
        Bench traced = new Bench(Trace.to(List.of(ledger)));
        Completion done = new Completion("the device");
        traced.simulation
                .event("message", () -> traced.core.vectors().interrupt(40, true))
                .at(400 * NS);
        traced.run(cpu -> {
            cpu.requestInterrupt(40, () -> {
                cpu.load8(0x800);
                done.complete();
            });
            cpu.beginTransfer(64);
            cpu.storeBytes(0, new byte[64], 0, 64);
            cpu.cleanCache(0, 128);
            cpu.await(done);
            cpu.load8(0);
            cpu.endTransfer();
        });

        assertThat(ledger.totalsPicos())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "copy", (8 + 100) * NS,
                        "cache maintenance", 2 * 2 * NS,
                        "driver", (400 - 112 + 50 + 2) * NS,
                        "handler", (1 + 100) * NS,
                        "wake-up", 30 * NS));
    }
}
