package flyby.check;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Accesses of devices that are under way: reads until they are answered, writes until their bytes are in memory.
final class Flights {
    /// A write of which nothing was heard for so long was lost on its way: an IOMMU dropped it.
    private static final long LOST_PICOS = 200_000_000L;

    /// One of them.
    static final class Flight {
        final String device;
        final boolean isWrite;
        final long iova;
        final int byteCount;
        final long sincePicos;
        /// The last register write of the CPU that the device had heard of.
        final long toldNumber;
        /// The last store of the CPU that it had seen.
        final long seenNumber;
        /// The device has raised an interrupt since.
        boolean isAnnounced;
        /// How much of a write is in memory.
        int landedBytes;

        Flight(
                String device,
                boolean isWrite,
                long iova,
                int byteCount,
                long sincePicos,
                long toldNumber,
                long seenNumber) {
            this.device = device;
            this.isWrite = isWrite;
            this.iova = iova;
            this.byteCount = byteCount;
            this.sincePicos = sincePicos;
            this.toldNumber = toldNumber;
            this.seenNumber = seenNumber;
        }

        boolean overlaps(long from, long count) {
            return iova < from + count && from < iova + byteCount;
        }
    }

    private final List<Flight> flights = new ArrayList<>();

    Flight begin(
            String device, boolean isWrite, long iova, int byteCount, long nowPicos, long toldNumber, long seenNumber) {
        flights.removeIf(each -> each.isWrite && nowPicos - each.sincePicos > LOST_PICOS);
        Flight flight = new Flight(device, isWrite, iova, byteCount, nowPicos, toldNumber, seenNumber);
        flights.add(flight);
        return flight;
    }

    void end(Flight flight) {
        flights.remove(flight);
    }

    void interrupted(String device) {
        for (Flight flight : flights) {
            if (flight.device.equals(device)) {
                flight.isAnnounced = true;
            }
        }
    }

    /// `byteCount` bytes that `device` wrote to `iova` are in memory.
    void landed(String device, long iova, int byteCount) {
        for (int i = 0; i < flights.size(); i++) {
            Flight flight = flights.get(i);
            if (flight.isWrite && flight.device.equals(device) && flight.overlaps(iova, byteCount)) {
                flight.landedBytes += byteCount;
                if (flight.landedBytes >= flight.byteCount) {
                    flights.remove(i);
                }
                return;
            }
        }
    }

    /// What `device` has under way to any of these addresses.
    @Nullable
    Flight to(String device, long iova, long byteCount) {
        for (Flight flight : flights) {
            if (flight.device.equals(device) && flight.overlaps(iova, byteCount)) {
                return flight;
            }
        }
        return null;
    }

    /// What `device` has under way that reads any of these addresses.
    @Nullable
    Flight reading(String device, long iova, long byteCount) {
        for (Flight flight : flights) {
            if (!flight.isWrite && flight.device.equals(device) && flight.overlaps(iova, byteCount)) {
                return flight;
            }
        }
        return null;
    }
}
