package flyby.aperture;

import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.bus.Transaction.Tenure;
import java.util.Arrays;

/// Moves a run of bytes between the host's memory and the device's own, in pieces, many of them under way at once.
final class Mover {
    /// A page: no piece crosses one, as no request does (PCI Express, section 2.2.7).
    private static final int PIECE_BYTES = 4_096;

    private static final int PIECES = 16;

    /// Told once that all is moved, or that something was refused.
    @FunctionalInterface
    interface Listener {
        void moved(boolean isGood);
    }

    private final DeviceHost host;
    private final byte[] memory;
    private final Listener listener;
    private Piece[] pieces = pieces();

    private boolean isToHost;
    private long address;
    private int local;
    private int left;
    private long transfer;
    private int underWay;
    private boolean failed;
    private boolean issuing;

    Mover(DeviceHost host, byte[] memory, Listener listener) {
        this.host = host;
        this.memory = memory;
        this.listener = listener;
    }

    private Piece[] pieces() {
        Piece[] made = new Piece[PIECES];
        Arrays.setAll(made, _ -> new Piece());
        return made;
    }

    /// What is under way is forgotten.
    void reset() {
        if (underWay > 0) {
            // Its answers go to pieces that nobody counts any more.
            for (Piece piece : pieces) {
                piece.isStale = true;
            }
            pieces = pieces();
        }
        underWay = 0;
        left = 0;
        failed = false;
    }

    /// Begins to move `byteCount` bytes, 0 or more.
    void move(boolean toHost, long hostAddress, int localOffset, int byteCount, long forTransfer) {
        isToHost = toHost;
        address = hostAddress;
        local = localOffset;
        left = byteCount;
        transfer = forTransfer;
        failed = false;
        goOn();
    }

    private void goOn() {
        // A host may complete a piece in the very call that submits it; that frees the piece for this loop.
        issuing = true;
        for (int i = 0; i < pieces.length && left > 0 && !failed; i++) {
            while (pieces[i].transaction.isFree() && left > 0 && !failed) {
                int count = (int) Math.min(left, PIECE_BYTES - address % PIECE_BYTES);
                pieces[i].begin(count);
            }
        }
        issuing = false;
        if (underWay == 0 && (left == 0 || failed)) {
            left = 0;
            listener.moved(!failed);
        }
    }

    private final class Piece implements Transaction.Owner {
        private final Transaction transaction = new Transaction(this, PIECE_BYTES);
        private int at;
        private boolean isStale;

        void begin(int count) {
            at = local;
            transaction.begin(isToHost ? Kind.WRITE : Kind.READ, address, count, Tenure.RELEASE, transfer);
            if (isToHost) {
                System.arraycopy(memory, at, transaction.data(), 0, count);
            }
            address += count;
            local += count;
            left -= count;
            underWay++;
            host.submit(transaction);
        }

        @Override
        public void completed(Transaction over, Status status) {
            if (isStale) {
                return;
            }
            underWay--;
            if (status != Status.SUCCESS) {
                failed = true;
            } else if (over.kind() == Kind.READ) {
                System.arraycopy(over.data(), 0, memory, at, over.byteCount());
            }
            if (!issuing) {
                goOn();
            }
        }
    }
}
