package flyby.function;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.AddressType;
import flyby.bus.Transaction.Kind;
import flyby.configuration.layout.AtsRegisters;
import flyby.configuration.layout.CapabilityIds;
import flyby.function.TestRoot.Asked;
import flyby.pcie.CompletionStatus;
import flyby.pcie.MessageCodes;
import flyby.pcie.Packet;
import flyby.pcie.PageRange;
import org.junit.jupiter.api.Test;

/// Address Translation Services: section 10 of the specification.
final class TranslationServicesTest {
    private static final int ROOT = 0x0008;
    private final FunctionBench bench =
            new FunctionBench(FunctionDescription.of(1, 2, 3).withTranslationCache(4));

    TranslationServicesTest() {
        int ats = bench.extendedCapability(CapabilityIds.ADDRESS_TRANSLATION_SERVICES);
        assertThat(bench.readConfiguration(ats + AtsRegisters.CAPABILITY, 2)).isEqualTo(0x20);
        bench.writeConfiguration(ats + AtsRegisters.CONTROL, 2, 0x8000);
        bench.root.answers = false;
    }

    private Asked question() {
        bench.run(2 * FunctionBench.LINK_PICOS);
        Asked last = bench.root.asked.getLast();
        assertThat(last.type()).isEqualTo(AddressType.TRANSLATION_REQUEST);
        assertThat(last.byteCount()).isEqualTo(8);
        return last;
    }

    private void translate(Asked question, long address, int shift, boolean readable, boolean writable) {
        Packet answer = bench.root.completion(question, CompletionStatus.SUCCESSFUL, question.address(), 8, 8);
        PageRange.put(PageRange.of(address, shift, readable, writable), answer.data(), 0);
        bench.root.send(answer);
        bench.run(2 * FunctionBench.LINK_PICOS);
    }

    private void invalidate(long address, int shift, int tag) {
        Packet request = bench.pool.take().message(MessageCodes.INVALIDATE_REQUEST, ROOT, FunctionBench.ID, 8);
        request.tag(tag);
        PageRange.put(PageRange.of(address, shift, false, false), request.data(), 0);
        bench.root.send(request);
        bench.run(2 * FunctionBench.LINK_PICOS);
    }

    @Test
    void aWriteAsksOncePerPageAndGoesWhereTheAnswerSays() {
        bench.submit("w", Kind.WRITE, 0x1f80, 0x100);
        Asked first = question();
        assertThat(first.address()).isEqualTo(0x1000);
        assertThat(bench.root.written).isEmpty();
        translate(first, 0x8000, 12, true, true);
        assertThat(bench.root.written).containsExactly("0x8f80+128 translated");
        Asked second = question();
        assertThat(second.address()).isEqualTo(0x2000);
        translate(second, 0x5000, 12, true, true);
        assertThat(bench.root.written).containsExactly("0x8f80+128 translated", "0x5000+128 translated");
        assertThat(bench.heard).containsExactly("w SUCCESS");

        bench.submit("again", Kind.WRITE, 0x1000, 4);
        bench.run();
        assertThat(bench.root.asked).hasSize(2);
        assertThat(bench.root.written).last().isEqualTo("0x8000+4 translated");
    }

    @Test
    void writesKeepTheirOrderWhileTheFirstWaitsForItsTranslation() {
        bench.submit("w0", Kind.WRITE, 0x1000, 4);
        bench.submit("w1", Kind.WRITE, 0x1004, 4);
        bench.submit("r", Kind.READ, 0x1000, 4);
        translate(question(), 0x8000, 12, true, true);
        assertThat(bench.root.written).containsExactly("0x8000+4 translated", "0x8004+4 translated");
        assertThat(bench.root.asked).extracting(Asked::type).last().isEqualTo(AddressType.TRANSLATED);
    }

    @Test
    void aLargePageIsAskedForOnce() {
        bench.submit("r", Kind.READ, 0x20_1000, 4);
        translate(question(), 0x40_0000, 21, true, false);
        assertThat(bench.root.asked.getLast().address()).isEqualTo(0x40_1000);
        bench.root.refuse(bench.root.asked.getLast(), CompletionStatus.UNSUPPORTED_REQUEST);
        bench.submit("r", Kind.READ, 0x3f_f000, 4);
        bench.run(2 * FunctionBench.LINK_PICOS);
        assertThat(bench.root.asked.getLast().address()).isEqualTo(0x5f_f000);
    }

    /// Section 10.2.3.5: without a right there is no translation to be used, and none to be kept.
    @Test
    void withoutARightTheAccessGoesOutUntranslated() {
        bench.submit("r", Kind.READ, 0x1000, 4);
        translate(question(), 0, 12, false, false);
        assertThat(bench.root.asked.getLast()).extracting(Asked::type).isEqualTo(AddressType.UNTRANSLATED);
        assertThat(bench.root.asked.getLast().address()).isEqualTo(0x1000);
        bench.root.refuse(bench.root.asked.getLast(), CompletionStatus.UNSUPPORTED_REQUEST);
        bench.run();
        assertThat(bench.heard).containsExactly("r ADDRESS_ERROR");

        bench.submit("r", Kind.READ, 0x1000, 4);
        bench.root.refuse(question(), CompletionStatus.UNSUPPORTED_REQUEST);
        bench.run(4 * FunctionBench.LINK_PICOS);
        assertThat(bench.root.asked.getLast().type()).isEqualTo(AddressType.UNTRANSLATED);
    }

    @Test
    void anInvalidationIsAnsweredWhenTheReadsThatUseThePageAreOver() {
        bench.submit("r", Kind.READ, 0x1000, 4);
        translate(question(), 0x8000, 12, true, true);
        Asked read = bench.root.asked.getLast();
        invalidate(0x1000, 12, 9);
        assertThat(bench.root.heard).isEmpty();
        bench.root.complete(read);
        bench.run();
        assertThat(bench.root.heard).containsExactly("MESSAGE 100 tag 9 at 0x2+0");

        bench.submit("r", Kind.READ, 0x1000, 4);
        assertThat(question().address()).isEqualTo(0x1000);
    }

    @Test
    void anAnswerThatIsOvertakenByAnInvalidationIsNotUsed() {
        bench.submit("r", Kind.READ, 0x1000, 4);
        Asked first = question();
        invalidate(0, 21, 3);
        translate(first, 0x8000, 12, true, true);
        Asked second = question();
        assertThat(second).isNotEqualTo(first);
        assertThat(bench.root.heard).containsExactly("MESSAGE 100 tag 3 at 0x2+0");
        translate(second, 0x9000, 12, true, true);
        assertThat(bench.root.asked.getLast().address()).isEqualTo(0x9000);
    }

    @Test
    void otherPagesStay() {
        for (int page = 1; page <= 4; page++) {
            bench.submit("w", Kind.WRITE, page * 0x1000L, 4);
            translate(question(), 0x10_0000 + page * 0x1000L, 12, true, true);
        }
        invalidate(0x2000, 13, 0);
        bench.submit("w", Kind.WRITE, 0x1000, 4);
        bench.submit("w", Kind.WRITE, 0x4000, 4);
        bench.run();
        assertThat(bench.root.asked).hasSize(4);
        bench.submit("w", Kind.WRITE, 0x3000, 4);
        assertThat(question().address()).isEqualTo(0x3000);
    }

    @Test
    void disablingForgetsEverything() {
        bench.submit("w", Kind.WRITE, 0x1000, 4);
        translate(question(), 0x8000, 12, true, true);
        int ats = bench.extendedCapability(CapabilityIds.ADDRESS_TRANSLATION_SERVICES);
        bench.writeConfiguration(ats + AtsRegisters.CONTROL, 2, 0);
        bench.submit("w", Kind.WRITE, 0x1000, 4);
        bench.run();
        assertThat(bench.root.written).last().isEqualTo("0x1000+4");
    }

    @Test
    void aQuestionThatNobodyAnswersDoesNotStopTheFunction() {
        bench.submit("w", Kind.WRITE, 0x1000, 4);
        bench.run();
        assertThat(bench.root.written).containsExactly("0x1000+4");
        assertThat(bench.heard).containsExactly("w SUCCESS");
        assertThat(bench.function.statistics().timeouts()).isEqualTo(1);
    }
}
