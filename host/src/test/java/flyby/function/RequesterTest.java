package flyby.function;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.AddressType;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Tenure;
import flyby.configuration.layout.CapabilityIds;
import flyby.configuration.layout.ExpressRegisters;
import flyby.configuration.layout.HeaderRegisters;
import flyby.function.TestRoot.Asked;
import flyby.pcie.Segmentation;
import flyby.pcie.TagWidth;
import org.junit.jupiter.api.Test;

/// How transactions become packets and completions become answers: sections 2.2.6, 2.3 and 2.4.
final class RequesterTest {
    private static final FunctionDescription PLAIN = FunctionDescription.of(0x1234, 0x5678, 0xff_0000);

    private static RequesterLimits limits(int tags, RequesterLimits.Pace read, RequesterLimits.Pace write) {
        return new RequesterLimits(TagWidth.EIGHT_BITS, tags, 4_096, 4_096, read, write);
    }

    @Test
    void aWriteIsCutAtTheMaximumPayloadAndAtPages() {
        FunctionBench bench = new FunctionBench(PLAIN);
        // After reset Max_Payload_Size is 128 bytes, section 7.5.3.4.
        bench.submit("w", Kind.WRITE, 0xf70, 0x120);
        bench.run();
        assertThat(bench.root.written).containsExactly("0xf70+128", "0xff0+16", "0x1000+128", "0x1080+16");
        assertThat(bench.heard).containsExactly("w SUCCESS");
    }

    @Test
    void anEngineMayMakeSmallerWritesThanTheLinkAllows() {
        FunctionBench bench = new FunctionBench(PLAIN.with(new RequesterLimits(
                TagWidth.FIVE_BITS, 32, 4_096, 128, RequesterLimits.Pace.UNLIMITED, RequesterLimits.Pace.UNLIMITED)));
        int express = bench.capability(CapabilityIds.PCI_EXPRESS);
        bench.writeConfiguration(express + ExpressRegisters.DEVICE_CONTROL, 2, 0x2030);
        bench.submit("w", Kind.WRITE, 0, 256);
        bench.run();
        assertThat(bench.root.written).containsExactly("0x0+128", "0x80+128");
    }

    @Test
    void aReadIsCutAtTheMaximumReadRequestAndItsAnswersMayComeInAnyOrder() {
        FunctionBench bench = new FunctionBench(PLAIN);
        for (int i = 0; i < 2_048; i += 2) {
            bench.memory.write16(i, i);
        }
        bench.root.answers = false;
        Transaction read = bench.submit("r", Kind.READ, 0x100, 1_500);
        bench.run(2_000);
        assertThat(bench.root.asked).extracting(Asked::byteCount).containsExactly(512, 512, 476);
        assertThat(bench.root.asked).extracting(Asked::tag).containsExactly(0, 1, 2);

        bench.root.complete(bench.root.asked.get(2));
        bench.root.complete(bench.root.asked.get(0));
        bench.run(2_000);
        assertThat(bench.heard).isEmpty();
        bench.root.complete(bench.root.asked.get(1));
        bench.run();
        assertThat(bench.heard).containsExactly("r SUCCESS");
        byte[] expected = new byte[1_500];
        bench.memory.read(0x100, expected, 0, 1_500);
        assertThat(read.data()).isEqualTo(expected);
        assertThat(bench.pool.takenCount()).isZero();
    }

    @Test
    void withoutAFreeTagReadsWaitAndWritesPassThem() {
        FunctionBench bench = new FunctionBench(
                PLAIN.with(limits(2, RequesterLimits.Pace.UNLIMITED, RequesterLimits.Pace.UNLIMITED)));
        bench.root.answers = false;
        for (int i = 0; i < 3; i++) {
            bench.submit("r" + i, Kind.READ, 64L * i, 64);
        }
        bench.submit("w", Kind.WRITE, 0x1000, 4);
        bench.run(10_000);
        assertThat(bench.root.asked).hasSize(2);
        assertThat(bench.root.written).containsExactly("0x1000+4");
        assertThat(bench.endpoint.waiting())
                .containsExactly(
                        "function card 01:00.0: 2 reads wait for completions, the oldest since 10 ns, tag 0",
                        "function card 01:00.0: 1 reads wait to be sent, 2 of 2 tags are out");

        bench.root.complete(bench.root.asked.get(1));
        bench.run(2_000);
        assertThat(bench.root.asked.get(2).tag()).isEqualTo(1);
        // Sent after 10 ns and the way of the completion, 1 ns.
        assertThat(bench.function.statistics().tagWaitPicos()).isEqualTo(11_000);
    }

    @Test
    void aReadGoesBehindTheWritesBeforeItUnlessItIsRelaxed() {
        RequesterLimits.Pace slow = new RequesterLimits.Pace(100_000, 0);
        FunctionBench bench = new FunctionBench(PLAIN.with(limits(32, RequesterLimits.Pace.UNLIMITED, slow)));
        long begin = bench.simulation.nowPicos();
        bench.submit("w0", Kind.WRITE, 0, 4);
        bench.submit("w1", Kind.WRITE, 4, 4);
        Transaction relaxed = bench.transaction("relaxed", 4);
        relaxed.begin(Kind.READ, 0x40, 4, Tenure.RELEASE, 0);
        relaxed.attributes(true, false, AddressType.UNTRANSLATED);
        bench.function.submit(relaxed);
        bench.submit("r", Kind.READ, 0, 4);
        bench.simulation.runUntil(begin + 50_000);
        assertThat(bench.heard).containsExactly("w0 SUCCESS", "relaxed SUCCESS");
        bench.simulation.runUntil(begin + 99_999);
        assertThat(bench.root.asked).hasSize(1);
        bench.run();
        assertThat(bench.heard).containsExactly("w0 SUCCESS", "relaxed SUCCESS", "w1 SUCCESS", "r SUCCESS");
        // The second write 100 ns after the first, the read with it, there and back.
        assertThat(bench.simulation.nowPicos()).isEqualTo(begin + 102_000);
    }

    @Test
    void relaxedOrderingAndNoSnoopNeedSoftwaresConsent() {
        FunctionBench bench = new FunctionBench(PLAIN);
        int express = bench.capability(CapabilityIds.PCI_EXPRESS);
        assertThat(relaxedRead(bench)).isTrue();
        bench.writeConfiguration(express + ExpressRegisters.DEVICE_CONTROL, 2, 0x2000);
        assertThat(relaxedRead(bench)).isFalse();
    }

    private static boolean relaxedRead(FunctionBench bench) {
        Transaction read = bench.transaction("r", 4);
        read.begin(Kind.READ, 0, 4, Tenure.RELEASE, 0);
        read.attributes(true, true, AddressType.UNTRANSLATED);
        bench.function.submit(read);
        bench.run();
        return bench.root.asked.getLast().relaxed();
    }

    @Test
    void anEngineKeepsItsPace() {
        // 21.1 ns for an operation, 5 ns for a packet: three writes of two packets of 128 bytes.
        RequesterLimits.Pace pace = new RequesterLimits.Pace(21_100, 5_000);
        FunctionBench bench = new FunctionBench(PLAIN.with(limits(32, pace, pace)));
        long begin = bench.simulation.nowPicos();
        for (int i = 0; i < 3; i++) {
            bench.submit("w", Kind.WRITE, 256L * i, 256);
        }
        bench.run();
        assertThat(bench.simulation.nowPicos() - begin).isEqualTo(2 * (21_100 + 2 * 5_000) + FunctionBench.LINK_PICOS);

        begin = bench.simulation.nowPicos();
        bench.submit("r", Kind.READ, 0, 1_024);
        bench.submit("r", Kind.READ, 0, 4);
        bench.run();
        assertThat(bench.simulation.nowPicos() - begin).isEqualTo(2 * 5_000 + 21_100 + 2 * FunctionBench.LINK_PICOS);
    }

    @Test
    void tagsAreAsWideAsSoftwareAllows() {
        FunctionBench bench = new FunctionBench(PLAIN.with(new RequesterLimits(
                TagWidth.TEN_BITS, 768, 4_096, 4_096, RequesterLimits.Pace.UNLIMITED, RequesterLimits.Pace.UNLIMITED)));
        int express = bench.capability(CapabilityIds.PCI_EXPRESS);
        assertThat(outstanding(bench)).isEqualTo(32);
        bench.writeConfiguration(express + ExpressRegisters.DEVICE_CONTROL, 2, 0x2110);
        assertThat(outstanding(bench)).isEqualTo(256);
        bench.writeConfiguration(express + ExpressRegisters.DEVICE_CONTROL_2, 2, 0x1000);
        assertThat(outstanding(bench)).isEqualTo(768);
        // Section 2.2.6.2: of ten bits, the two upper ones are never both 0.
        assertThat(bench.root.asked).allSatisfy(read -> assertThat(read.tag()).isBetween(256, 1_023));
    }

    private static int outstanding(FunctionBench bench) {
        bench.root.asked.clear();
        bench.root.answers = false;
        for (int i = 0; i < 800; i++) {
            bench.submit("r", Kind.READ, 0, 4);
        }
        bench.run(10_000);
        int count = bench.root.asked.size();
        bench.root.answers = true;
        bench.root.asked.subList(0, count).stream().toList().forEach(bench.root::complete);
        bench.run();
        bench.root.asked.subList(count, bench.root.asked.size()).clear();
        assertThat(bench.pool.takenCount()).isZero();
        return count;
    }

    @Test
    void withoutBusMasterEnableNothingIsSent() {
        FunctionBench bench = new FunctionBench(PLAIN);
        bench.writeConfiguration(HeaderRegisters.COMMAND, 2, 3);
        bench.submit("w", Kind.WRITE, 0, 4);
        bench.submit("r", Kind.READ, 0, 4);
        bench.run();
        assertThat(bench.heard).containsExactly("w ADDRESS_ERROR", "r ADDRESS_ERROR");
        assertThat(bench.root.asked).isEmpty();
        assertThat(bench.root.written).isEmpty();
    }

    @Test
    void addressesThatTheDeviceSaysAreTranslatedAreSentAsSuch() {
        FunctionBench bench = new FunctionBench(PLAIN);
        Transaction liar = bench.transaction("liar", 4);
        liar.begin(Kind.READ, 0x40, 4, Tenure.RELEASE, 0);
        liar.attributes(false, false, AddressType.TRANSLATED);
        bench.function.submit(liar);
        bench.run();
        assertThat(bench.root.asked).extracting(Asked::type).containsExactly(AddressType.TRANSLATED);
    }

    @Test
    void completionsInManyPiecesAreOneAnswer() {
        FunctionBench bench = new FunctionBench(PLAIN);
        bench.root.limits = new Segmentation(128, 4_096, 64);
        bench.submit("r", Kind.READ, 0x3c, 500);
        bench.run();
        assertThat(bench.heard).containsExactly("r SUCCESS");
        assertThat(bench.function.statistics().readBytes()).isEqualTo(500);
        assertThat(bench.link.downstream().heldCount()).isZero();
    }
}
