package flyby.contract;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.bus.Transaction.Tenure;
import flyby.memory.PhysicalMemory;
import flyby.sim.Alarm;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What every host promises every device. Each host's test extends it.
abstract class DeviceHostContract implements Transaction.Owner {
    /// Where nothing answers.
    static final long NOWHERE = 1 << 20;

    final Simulation simulation = new Simulation(0, Trace.off());
    final PhysicalMemory memory = new PhysicalMemory();
    final List<String> interrupts = new ArrayList<>();
    private final List<String> heard = new ArrayList<>();
    private final Transaction transaction = new Transaction(this, 8);

    /// The host, with memory from address 0 up to [#NOWHERE] and interrupts that go to [#interrupts].
    abstract DeviceHost host();

    /// What a device hears of a write where nothing answers.
    Status statusOfALostWrite() {
        return Status.ADDRESS_ERROR;
    }

    @ParameterizedTest
    @EnumSource
    void aWriteStartsOnceAndEndsOnceAndItsBytesAreThere(Tenure tenure) {
        transaction.begin(Kind.WRITE, 0x40, 2, tenure, 0);
        host().submit(transaction);
        simulation.run();

        assertThat(heard).containsExactly("started", "SUCCESS");
        // The bytes were put into the transaction when it started, not before.
        assertThat(memory.read16(0x40)).isEqualTo(0xbbaa);
        assertThat(transaction.isFree()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aReadBringsWhatMemoryHolds(Tenure tenure) {
        memory.write16(0x40, 0x1234);
        transaction.begin(Kind.READ, 0x40, 2, tenure, 0);
        host().submit(transaction);
        simulation.run();

        assertThat(heard).containsExactly("started", "SUCCESS");
        assertThat(transaction.data()).startsWith(0x34, 0x12);
    }

    @ParameterizedTest
    @EnumSource
    void whereNothingAnswersNoByteIsMoved(Kind kind) {
        transaction.begin(kind, NOWHERE, 2, Tenure.RELEASE, 0);
        host().submit(transaction);
        simulation.run();

        Status expected = kind == Kind.WRITE ? statusOfALostWrite() : Status.ADDRESS_ERROR;
        assertThat(heard).containsExactly("started", expected.name());
        assertThat(memory.residentBytes()).isZero();
    }

    @Test
    void anAccessTakesTime() {
        transaction.begin(Kind.READ, 0, 1, Tenure.RELEASE, 0);
        host().submit(transaction);
        assertThat(heard).isEmpty();
        simulation.run();

        assertThat(simulation.nowPicos()).isPositive();
    }

    @Test
    void anAlarmRingsAtItsTimeAndOnce() {
        DeviceHost host = host();
        Alarm alarm = host.alarm("a", () -> heard.add("rings at " + host.nowPicos()));
        alarm.at(900);
        alarm.at(700);
        simulation.run();

        assertThat(heard).containsExactly("rings at 700");
        assertThat(alarm.isPending()).isFalse();
    }

    @Test
    void anInterruptIsALevel() {
        DeviceHost host = host();
        host.interrupt(0, true);
        host.interrupt(0, false);

        assertThat(interrupts).containsExactly("0 true", "0 false");
    }

    @Test
    void outsideARegisterAccessThereIsNoTransfer() {
        assertThat(host().currentTransfer()).isZero();
    }

    @Override
    public void started(Transaction started) {
        heard.add("started");
        if (started.kind() == Kind.WRITE) {
            started.data()[0] = (byte) 0xaa;
            started.data()[1] = (byte) 0xbb;
        }
    }

    @Override
    public void completed(Transaction completed, Status status) {
        heard.add(status.name());
    }
}
