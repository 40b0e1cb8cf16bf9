package flyby.function;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.Transaction.Kind;
import flyby.configuration.layout.CapabilityIds;
import flyby.configuration.layout.ErrorRegisters;
import flyby.configuration.layout.ExpressRegisters;
import flyby.configuration.layout.HeaderRegisters;
import flyby.function.TestRoot.Asked;
import flyby.pcie.CompletionStatus;
import flyby.pcie.Packet;
import flyby.pcie.TagWidth;
import flyby.sim.Time;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What goes wrong between a function and the rest: sections 2.3.2, 2.7.2, 2.8, 6.2, 6.6.2 and 7.8.4.
final class ErrorsTest {
    private static final long BASE = 0xe000_0000L;
    private static final long TIMEOUT = 50 * Time.MILLISECOND;

    private final FunctionBench bench =
            new FunctionBench(FunctionDescription.of(0x1234, 0x5678, 0xff_0000).with(BaseAddress.memory32(0, 4_096)));
    private final int aer = bench.extendedCapability(CapabilityIds.ADVANCED_ERROR_REPORTING);
    private final int express = bench.capability(CapabilityIds.PCI_EXPRESS);

    private long uncorrectable() {
        return bench.readConfiguration(aer + ErrorRegisters.UNCORRECTABLE_STATUS, 4);
    }

    private void enableMessages() {
        bench.writeConfiguration(express + ExpressRegisters.DEVICE_CONTROL, 2, 0x200f);
        bench.writeConfiguration(aer + ErrorRegisters.CORRECTABLE_MASK, 4, 0);
    }

    private Asked ask(String name, int byteCount) {
        bench.root.answers = false;
        bench.submit(name, Kind.READ, 0x100, byteCount);
        bench.run(2 * FunctionBench.LINK_PICOS);
        return bench.root.asked.getLast();
    }

    @ParameterizedTest
    @CsvSource({"UNSUPPORTED_REQUEST, ADDRESS_ERROR, 0x2000", "COMPLETER_ABORT, ABORTED, 0x1000"})
    void refusalsReachTheDeviceAndTheStatusRegister(CompletionStatus status, String expected, String bit) {
        bench.root.refuse(ask("r", 64), status);
        bench.run();
        assertThat(bench.heard).containsExactly("r " + expected);
        assertThat(bench.readConfiguration(HeaderRegisters.STATUS, 2) & 0xf900).isEqualTo(Long.decode(bit));
    }

    @Test
    void aReadOfWhichAPartFailsEndsOnceAndAsksForNoMore() {
        FunctionBench few = new FunctionBench(FunctionDescription.of(1, 2, 3)
                .with(new RequesterLimits(
                        TagWidth.FIVE_BITS,
                        2,
                        128,
                        4_096,
                        RequesterLimits.Pace.UNLIMITED,
                        RequesterLimits.Pace.UNLIMITED)));
        few.root.answers = false;
        few.submit("r", Kind.READ, 0, 1_024);
        few.run(2_000);
        few.root.refuse(few.root.asked.get(0), CompletionStatus.UNSUPPORTED_REQUEST);
        few.run(2_000);
        assertThat(few.heard).isEmpty();
        few.root.complete(few.root.asked.get(1));
        few.run();
        assertThat(few.heard).containsExactly("r ADDRESS_ERROR");
        assertThat(few.root.asked).hasSize(2);
    }

    @Test
    void poisonedAnswersAreToldAndLogged() {
        enableMessages();
        Asked read = ask("r", 64);
        Packet completion = bench.root.completion(read, CompletionStatus.SUCCESSFUL, read.address(), 64, 64);
        completion.poison();
        bench.root.send(completion);
        bench.run();
        assertThat(bench.heard).containsExactly("r POISONED");
        assertThat(uncorrectable()).isEqualTo(1 << 12);
        assertThat(bench.root.heard).containsExactly("MESSAGE 100 tag 0 at 0x31+0");
        // CplD of 16 doublewords, poisoned: figure of section 2.2.9.
        assertThat(bench.readConfiguration(aer + ErrorRegisters.HEADER_LOG, 4)).isEqualTo(0x4a00_4010L);
        assertThat(bench.readConfiguration(aer + ErrorRegisters.HEADER_LOG + 4, 4))
                .isEqualTo(0x0000_0040L);
        assertThat(bench.readConfiguration(aer + ErrorRegisters.HEADER_LOG + 8, 4))
                .isEqualTo(0x0100_0000L);
        assertThat(bench.readConfiguration(aer + ErrorRegisters.CONTROL, 4) & 0x1f)
                .isEqualTo(12);
    }

    @Test
    void poisonedWritesAreDropped() {
        bench.writeConfiguration(0x10, 4, BASE);
        Packet write = bench.pool.take().request(Packet.Kind.MEMORY_WRITE, TestRoot.ID, 0, BASE, 4);
        write.poison();
        bench.root.send(write);
        bench.run();
        assertThat(bench.heard).isEmpty();
        assertThat(uncorrectable()).isEqualTo(1 << 12);
        assertThat(bench.readConfiguration(HeaderRegisters.STATUS, 2) & 0x8000).isNotZero();
    }

    @Test
    void theFirstErrorIsKeptInTheLogUntilItIsCleared() {
        bench.write(0x1000, 4, 1);
        bench.write(0x2000, 4, 1);
        assertThat(bench.readConfiguration(aer + ErrorRegisters.HEADER_LOG + 8, 4))
                .isEqualTo(0x1000);
        assertThat(bench.readConfiguration(express + ExpressRegisters.DEVICE_STATUS, 2))
                .isEqualTo(0b1010);
        bench.writeConfiguration(aer + ErrorRegisters.UNCORRECTABLE_STATUS, 4, 1 << 20);
        assertThat(uncorrectable()).isZero();
        bench.write(0x3000, 4, 1);
        assertThat(bench.readConfiguration(aer + ErrorRegisters.HEADER_LOG + 8, 4))
                .isEqualTo(0x3000);
    }

    @Test
    void whoIsToldDependsOnSeverityMaskAndWhetherSomebodyHearsOfItAnyway() {
        enableMessages();
        bench.write(0x1000, 4, 1);
        bench.read(0x1000, 4);
        bench.writeConfiguration(aer + ErrorRegisters.UNCORRECTABLE_SEVERITY, 4, 1 << 20);
        bench.read(0x1000, 4);
        bench.writeConfiguration(aer + ErrorRegisters.UNCORRECTABLE_MASK, 4, 1 << 20);
        bench.read(0x1000, 4);
        assertThat(bench.root.heard)
                .containsExactly(
                        "MESSAGE 100 tag 0 at 0x31+0", "MESSAGE 100 tag 0 at 0x30+0", "MESSAGE 100 tag 0 at 0x33+0");
    }

    @Test
    void nobodyIsToldUntilSoftwareWantsIt() {
        bench.write(0x1000, 4, 1);
        assertThat(bench.root.heard).isEmpty();
        bench.writeConfiguration(HeaderRegisters.COMMAND, 2, 0x0107);
        bench.write(0x1000, 4, 1);
        assertThat(bench.root.heard).containsExactly("MESSAGE 100 tag 0 at 0x31+0");
        assertThat(bench.readConfiguration(HeaderRegisters.STATUS, 2) & 0x4000).isNotZero();
    }

    @Test
    void aReadThatNobodyAnswersTimesOutAndItsTagRestsUntilTheAnswerComes() {
        Asked lost = ask("lost", 64);
        bench.run(TIMEOUT - 3 * FunctionBench.LINK_PICOS);
        assertThat(bench.heard).isEmpty();
        bench.run(FunctionBench.LINK_PICOS);
        assertThat(bench.heard).containsExactly("lost TIMEOUT");
        assertThat(uncorrectable()).isEqualTo(1 << 14);

        // The other 31 tags are used before that one, and it is not.
        for (int i = 0; i < 40; i++) {
            Asked next = ask("r", 4);
            assertThat(next.tag()).isNotEqualTo(lost.tag());
            bench.root.complete(next);
            bench.run(2 * FunctionBench.LINK_PICOS);
        }
        bench.root.complete(lost);
        bench.run();
        assertThat(bench.function.statistics().lateCompletions()).isEqualTo(1);
        assertThat(bench.heard).doesNotContain("lost SUCCESS");
        for (int i = 0; i < 32; i++) {
            bench.root.complete(ask("r", 4));
            bench.run(2 * FunctionBench.LINK_PICOS);
        }
        assertThat(bench.root.asked.subList(41, 73)).extracting(Asked::tag).contains(lost.tag());
    }

    @ParameterizedTest
    @CsvSource({"1, 100", "2, 10000", "9, 900000", "0, 50000"})
    void softwareChoosesHowLongToWait(int value, long micros) {
        bench.writeConfiguration(express + ExpressRegisters.DEVICE_CONTROL_2, 2, value);
        long begin = bench.simulation.nowPicos();
        ask("r", 4);
        bench.run();
        assertThat(bench.heard).containsExactly("r TIMEOUT");
        assertThat(bench.simulation.nowPicos() - begin).isEqualTo(micros * Time.MICROSECOND);
    }

    @Test
    void softwareMayWaitForEver() {
        bench.writeConfiguration(express + ExpressRegisters.DEVICE_CONTROL_2, 2, 0x10);
        ask("r", 4);
        bench.run();
        assertThat(bench.heard).isEmpty();
        assertThat(bench.endpoint.waiting()).hasSize(1);
    }

    @Test
    void answersToNothingAreUnexpected() {
        Asked read = ask("r", 64);
        bench.root.complete(read);
        bench.run();
        bench.root.complete(read);
        bench.root.refuse(new Asked(0x4400, 0, 0, 4, read.type(), false), CompletionStatus.SUCCESSFUL);
        bench.run();
        assertThat(bench.heard).containsExactly("r SUCCESS");
        assertThat(bench.function.statistics().unexpectedCompletions()).isEqualTo(1);
        assertThat(uncorrectable()).isEqualTo(1 << 16);
        assertThat(bench.pool.takenCount()).isZero();
    }

    @Test
    void aFunctionLevelResetForgetsEverythingAndAbsorbsWhatIsStillOnItsWay() {
        bench.writeConfiguration(0x10, 4, BASE);
        bench.write(0x1000, 4, 1);
        Asked read = ask("r", 64);
        bench.root.readConfiguration(FunctionBench.ID, express + ExpressRegisters.DEVICE_STATUS, 2);
        bench.run(2 * FunctionBench.LINK_PICOS);
        assertThat(bench.root.answer() & 0x20).as("Transactions Pending").isNotZero();
        bench.root.writeConfiguration(FunctionBench.ID, express + ExpressRegisters.DEVICE_CONTROL, 2, 0x8000);
        bench.run(2 * FunctionBench.LINK_PICOS);
        assertThat(bench.heard).containsExactly("reset", "r ABORTED");
        assertThat(bench.readConfiguration(express + ExpressRegisters.DEVICE_CONTROL, 2))
                .isEqualTo(0x2810);
        assertThat(bench.readConfiguration(0x10, 4)).isZero();
        assertThat(uncorrectable()).as("errors outlive a reset").isEqualTo(1 << 20);
        assertThat(bench.function.id()).isEqualTo(FunctionBench.ID);

        bench.root.complete(read);
        bench.run();
        assertThat(bench.heard).hasSize(2);
        assertThat(bench.function.statistics().lateCompletions()).isEqualTo(1);
        bench.submit("w", Kind.WRITE, 0, 4);
        bench.run();
        assertThat(bench.heard).last().isEqualTo("w ADDRESS_ERROR");
    }

    @Test
    void whatWaitsInsideTheFunctionEndsWithAReset() {
        FunctionBench slow = new FunctionBench(FunctionDescription.of(1, 2, 3)
                .with(new RequesterLimits(
                        TagWidth.FIVE_BITS,
                        1,
                        128,
                        4_096,
                        RequesterLimits.Pace.UNLIMITED,
                        new RequesterLimits.Pace(Time.MICROSECOND, 0))));
        slow.root.answers = false;
        slow.submit("sent", Kind.READ, 0, 4);
        slow.submit("half", Kind.READ, 0, 300);
        slow.submit("w0", Kind.WRITE, 0, 4);
        slow.submit("w1", Kind.WRITE, 0, 4);
        slow.run(2_000);
        slow.root.complete(slow.root.asked.getFirst());
        slow.run(2_000);
        slow.submit("behind", Kind.READ, 0, 4);
        slow.root.writeConfiguration(FunctionBench.ID, express + ExpressRegisters.DEVICE_CONTROL, 2, 0x8000);
        slow.run();
        assertThat(slow.heard)
                .containsExactly("w0 SUCCESS", "sent SUCCESS", "reset", "w1 ABORTED", "behind ABORTED", "half ABORTED");
        assertThat(slow.pool.takenCount()).isZero();
    }

    @Test
    void aPulledCardEndsWhatItHasUnderWay() {
        ask("r", 64);
        bench.root.answers = false;
        bench.endpoint.linkChanged(false);
        bench.run();
        assertThat(bench.heard).containsExactly("reset", "r TIMEOUT");
        bench.submit("w", Kind.WRITE, 0, 4);
        bench.run();
        assertThat(bench.heard).last().isEqualTo("w ADDRESS_ERROR");
        // No completion can come any more, so the tags are free when the link is up again.
        assertThat(bench.endpoint.waiting()).isEmpty();
        bench.endpoint.linkChanged(true);
        bench.writeConfiguration(HeaderRegisters.COMMAND, 2, 7);
        for (int i = 0; i < 40; i++) {
            bench.root.complete(ask("again", 4));
            bench.run();
        }
        assertThat(bench.heard).last().isEqualTo("again SUCCESS");
    }
}
