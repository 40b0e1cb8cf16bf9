package flyby.function;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.AddressType;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.bus.Transaction.Tenure;
import flyby.choice.Choices;
import flyby.choice.Property;
import flyby.configuration.layout.CapabilityIds;
import flyby.configuration.layout.ExpressRegisters;
import flyby.function.TestRoot.Asked;
import flyby.pcie.CompletionStatus;
import flyby.pcie.Packet;
import flyby.pcie.Segmentation;
import flyby.pcie.TagWidth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Whatever is submitted and however it is answered, every transaction ends once, with the right bytes and the
/// right status, and no rule of the packets is broken. The judge is an array of bytes.
final class RandomTrafficTest {
    private static final int ROM_BYTES = 1 << 16;

    /// A read that the other end has not answered whole.
    private static final class Open {
        final Asked read;
        int done;

        Open(Asked read) {
            this.read = read;
        }
    }

    private static final class Issued {
        final Kind kind;
        final long address;
        final int byteCount;
        int endCount;
        Status status = Status.SUCCESS;
        boolean mayFail;
        byte[] bytes = new byte[0];

        Issued(Kind kind, long address, int byteCount) {
            this.kind = kind;
            this.address = address;
            this.byteCount = byteCount;
        }

        boolean asksFor(Asked read) {
            return kind == Kind.READ
                    && read.address() < address + byteCount
                    && address < read.address() + read.byteCount();
        }
    }

    @Test
    void everyTransactionEndsOnceWithTheRightBytes() {
        Property.check(150, choices -> {
            Run run = new Run(choices);
            run.go();
        });
    }

    /// Equal choices, equal events.
    @Test
    void equalRunsAreEqual() {
        for (long seed = 0; seed < 20; seed++) {
            assertThat(new Run(Choices.seeded(seed)).go()).isEqualTo(new Run(Choices.seeded(seed)).go());
        }
    }

    private static final class Run {
        private final Choices choices;
        private final FunctionBench bench;
        private final int readBytesMax;
        private final int tagsMax;
        private final List<Issued> issued = new ArrayList<>();
        private final List<Open> open = new ArrayList<>();
        private final byte[] expected = new byte[(int) FunctionBench.MEMORY_BYTES - ROM_BYTES];
        private final StringBuilder log = new StringBuilder();
        private int seen;

        Run(Choices choices) {
            this.choices = choices;
            tagsMax = (int) choices.between(1, 8);
            RequesterLimits.Pace read = new RequesterLimits.Pace(choices.below(3) * 700, choices.below(2) * 500);
            RequesterLimits.Pace write = new RequesterLimits.Pace(choices.below(3) * 700, choices.below(2) * 500);
            bench = new FunctionBench(FunctionDescription.of(1, 2, 3)
                    .with(new RequesterLimits(TagWidth.FIVE_BITS, tagsMax, 4_096, 4_096, read, write)));
            int code = (int) choices.below(4);
            readBytesMax = 128 << code;
            bench.writeConfiguration(
                    bench.capability(CapabilityIds.PCI_EXPRESS) + ExpressRegisters.DEVICE_CONTROL,
                    2,
                    0x0810 | (code << 12) | ((int) choices.below(2) << 5));
            for (int i = 0; i < ROM_BYTES; i += 2) {
                bench.memory.write16(i, (i * 0x9e37) >>> 3);
            }
            bench.root.answers = false;
            bench.root.limits = new Segmentation(choices.pick(256, 128), 4_096, choices.pick(64, 128));
        }

        String go() {
            int count = (int) choices.between(1, 40);
            while (count > 0 || !open.isEmpty() || issued.stream().anyMatch(each -> each.endCount == 0)) {
                if (count > 0 && choices.chance(1, 2)) {
                    submit();
                    count--;
                }
                if (!open.isEmpty() && choices.chance(2, 3)) {
                    answer((int) choices.below(open.size()));
                }
                bench.run(choices.below(4_000) + 1);
                look();
            }
            bench.run();
            check();
            return log.toString();
        }

        private void submit() {
            Kind kind = choices.pick(Kind.READ, Kind.WRITE);
            int byteCount = (int) choices.between(1, 3_000);
            long address = kind == Kind.READ
                    ? choices.below(ROM_BYTES - byteCount)
                    : ROM_BYTES + choices.below(expected.length - byteCount);
            Issued mine = new Issued(kind, address, byteCount);
            Transaction transaction = new Transaction(
                    (ended, status) -> {
                        mine.endCount++;
                        mine.status = status;
                        mine.bytes = Arrays.copyOf(ended.data(), byteCount);
                        log.append(ended.iova()).append(' ').append(status).append(bench.simulation.nowPicos());
                    },
                    byteCount);
            transaction.begin(kind, address, byteCount, Tenure.RELEASE, 0);
            // Writes stay in their order among each other, so that the last one wins.
            transaction.attributes(kind == Kind.READ && choices.chance(1, 4), false, AddressType.UNTRANSLATED);
            if (kind == Kind.WRITE) {
                for (int i = 0; i < byteCount; i++) {
                    transaction.data()[i] = (byte) (issued.size() * 31 + i);
                }
                System.arraycopy(transaction.data(), 0, expected, (int) address - ROM_BYTES, byteCount);
            }
            issued.add(mine);
            bench.function.submit(transaction);
        }

        /// Answers the next bytes of a read; now and then not as it was hoped.
        private void answer(int index) {
            Open chosen = open.get(index);
            Asked read = chosen.read;
            int left = read.byteCount() - chosen.done;
            switch ((int) choices.below(40)) {
                case 37 -> {
                    bench.root.send(bench.root.completion(
                            read, CompletionStatus.COMPLETER_ABORT, read.address() + chosen.done, 0, left));
                    chosen.done = read.byteCount();
                    fail(read);
                }
                case 38 -> {
                    bench.root.refuse(read, CompletionStatus.UNSUPPORTED_REQUEST);
                    chosen.done = read.byteCount();
                    fail(read);
                }
                case 39 -> {
                    int count = bench.root.limits.completionBytes(read.address() + chosen.done, left);
                    Packet packet = bench.root.completion(
                            read, CompletionStatus.SUCCESSFUL, read.address() + chosen.done, count, left);
                    packet.poison();
                    bench.root.send(packet);
                    chosen.done += count;
                    fail(read);
                }
                default -> chosen.done += bench.root.complete(read, chosen.done);
            }
            if (chosen.done == read.byteCount()) {
                open.remove(index);
            }
        }

        private void fail(Asked read) {
            issued.stream().filter(each -> each.asksFor(read)).forEach(each -> each.mayFail = true);
        }

        /// What the other end sees of the rules.
        private void look() {
            List<Asked> asked = bench.root.asked;
            for (; seen < asked.size(); seen++) {
                Asked read = asked.get(seen);
                assertThat(read.byteCount() + (read.address() & 3)).isLessThanOrEqualTo(readBytesMax);
                assertThat(read.address() >>> 12).isEqualTo((read.address() + read.byteCount() - 1) >>> 12);
                assertThat(open).extracting(each -> each.read.tag()).doesNotContain(read.tag());
                open.add(new Open(read));
            }
            assertThat(open).hasSizeLessThanOrEqualTo(tagsMax);
        }

        private void check() {
            for (Issued each : issued) {
                assertThat(each.endCount).isEqualTo(1);
                if (!each.mayFail) {
                    assertThat(each.status).isEqualTo(Status.SUCCESS);
                }
                if (each.kind == Kind.READ && each.status == Status.SUCCESS) {
                    byte[] rom = new byte[each.byteCount];
                    bench.memory.read(each.address, rom, 0, each.byteCount);
                    assertThat(each.bytes).isEqualTo(rom);
                }
            }
            byte[] written = new byte[expected.length];
            bench.memory.read(ROM_BYTES, written, 0, written.length);
            assertThat(written).isEqualTo(expected);
            assertThat(bench.pool.takenCount()).isZero();
            assertThat(bench.endpoint.waiting()).isEmpty();
            assertThat(bench.link.downstream().heldCount()).isZero();
        }
    }
}
