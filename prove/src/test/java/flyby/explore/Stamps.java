package flyby.explore;

import static java.util.Objects.requireNonNull;

import flyby.bus.Cpu;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Tenure;
import flyby.dma.CoherentBuffer;
import flyby.kernel.IoMemory;
import flyby.pci.PciDevice;
import flyby.sim.Time;
import flyby.topology.Card;
import flyby.trial.Bench;
import flyby.trial.Scene;
import flyby.trial.Subject;
import java.util.List;

/// A driver with a planted bug: it survives that the device is late once, and not that it is late twice.
///
/// @param tolerated how often it survives it
/// @param rounds how often the device has an occasion to be late
record Stamps(int tolerated, int rounds) implements Subject {
    private static final int ADDRESS = 0;
    private static final int VALUE = 8;

    /// Writes what is written to its register to memory.
    private static final class Stamp implements Device {
        private final DeviceHost host;
        private final Transaction transaction = new Transaction((_, _) -> {}, 8);
        private long address;
        private long value;

        Stamp(DeviceHost host) {
            this.host = host;
        }

        @Override
        public long readRegister(int region, long offset, int byteCount) {
            return offset == ADDRESS ? address : value;
        }

        @Override
        public void writeRegister(int region, long offset, int byteCount, long written) {
            if (offset == ADDRESS) {
                address = written;
            } else if (offset == VALUE && transaction.isFree()) {
                value = written;
                for (int i = 0; i < 8; i++) {
                    transaction.data()[i] = (byte) (written >> (8 * i));
                }
                transaction.begin(Kind.WRITE, address, 8, Tenure.RELEASE, 0);
                host.submit(transaction);
            }
        }

        @Override
        public void reset() {
            // What is under way arrives all the same.
        }
    }

    @Override
    public String name() {
        return "stamps";
    }

    @Override
    public List<Card> cards(Scene scene) {
        return List.of(Card.of(1, 64, 0, 1, Stamp::new));
    }

    @Override
    public void run(Bench bench) {
        int late = work(bench.pci(), bench.cpu());
        bench.expect(late <= tolerated, "late " + late + " times");
    }

    /// How often the device was late.
    int work(PciDevice pci, Cpu cpu) {
        pci.enable();
        pci.setMaster();
        IoMemory registers = requireNonNull(pci.map(0));
        CoherentBuffer stamp = requireNonNull(pci.dma().allocCoherent(64));
        registers.write64(ADDRESS, stamp.dmaAddress());
        int late = 0;
        for (int round = 1; round <= rounds; round++) {
            registers.write64(VALUE, round);
            cpu.delay(5 * Time.MICROSECOND);
            late += cpu.load64(stamp.cpuAddress()) == round ? 0 : 1;
            registers.read64(VALUE);
        }
        pci.clearMaster();
        pci.dma().freeCoherent(64, stamp.cpuAddress(), stamp.dmaAddress());
        return late;
    }
}
