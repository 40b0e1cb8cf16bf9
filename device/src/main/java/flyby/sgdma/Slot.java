package flyby.sgdma;

import static flyby.sgdma.layout.SgDescriptor.ADJACENT;
import static flyby.sgdma.layout.SgDescriptor.CONTROL;
import static flyby.sgdma.layout.SgDescriptor.DESTINATION;
import static flyby.sgdma.layout.SgDescriptor.DESTINATION_GAP;
import static flyby.sgdma.layout.SgDescriptor.FENCE;
import static flyby.sgdma.layout.SgDescriptor.FRAMES;
import static flyby.sgdma.layout.SgDescriptor.INTERRUPT;
import static flyby.sgdma.layout.SgDescriptor.LENGTH;
import static flyby.sgdma.layout.SgDescriptor.MAGIC;
import static flyby.sgdma.layout.SgDescriptor.MAGIC_VALUE;
import static flyby.sgdma.layout.SgDescriptor.NEXT;
import static flyby.sgdma.layout.SgDescriptor.ORDERED;
import static flyby.sgdma.layout.SgDescriptor.RECORD;
import static flyby.sgdma.layout.SgDescriptor.SOURCE;
import static flyby.sgdma.layout.SgDescriptor.SOURCE_GAP;
import static flyby.sgdma.layout.SgDescriptor.STATUS_WANTED;
import static flyby.sgdma.layout.SgDescriptor.TYPE;
import static flyby.sgdma.layout.SgDescriptor.TYPE_FILL;
import static flyby.sgdma.layout.SgDescriptor.TYPE_INTERLEAVED;
import static flyby.sgdma.layout.SgDescriptor.TYPE_NULL;

import flyby.base.LittleEndian;
import flyby.sgdma.layout.SgRegisters;

/// A descriptor that a channel keeps, and how far it has come. Used again and again.
final class Slot {
    private static final long KNOWN_BITS = TYPE.mask()
            | INTERRUPT.mask()
            | RECORD.mask()
            | STATUS_WANTED.mask()
            | FENCE.mask()
            | ORDERED.mask()
            | MAGIC.mask();

    private static final int PATTERN_BYTES = 8;

    long address;
    long next;
    long adjacent;
    /// When its first unit may begin.
    long readyPicos;

    long transfer;
    long totalBytes;
    long writtenBytes;
    int underWay;
    /// One of the errors of [SgRegisters].
    int error;

    long faultAddress;

    private long control;
    private int type;
    private long frameBytes;
    private long sourceStep;
    private long destinationStep;
    private long source;
    private long destination;
    private long begunBytes;
    private long inFrame;
    /// Where the frame is of which the next unit is.
    private long frameSource;

    private long frameDestination;

    /// It is a place in the chain where no descriptor is.
    void fail(long placeAddress, int why) {
        clear(placeAddress);
        control = 0;
        type = TYPE_NULL;
        totalBytes = 0;
        next = 0;
        adjacent = 0;
        error = why;
        faultAddress = placeAddress;
    }

    private void clear(long newAddress) {
        address = newAddress;
        error = 0;
        faultAddress = 0;
        underWay = 0;
        writtenBytes = 0;
        begunBytes = 0;
        inFrame = 0;
    }

    /// It is the descriptor in `data` from index `at` on, which was read at `newAddress`.
    void decode(byte[] data, int at, long newAddress, long lengthBytesMax) {
        clear(newAddress);
        control = LittleEndian.get(data, at + CONTROL, 4);
        type = (int) TYPE.of(control);
        next = LittleEndian.get(data, at + NEXT, 8);
        adjacent = LittleEndian.get(data, at + ADJACENT, 4);
        source = LittleEndian.get(data, at + SOURCE, 8);
        destination = LittleEndian.get(data, at + DESTINATION, 8);
        frameSource = source;
        frameDestination = destination;
        frameBytes = LittleEndian.get(data, at + LENGTH, 4);
        sourceStep = frameBytes + LittleEndian.get(data, at + SOURCE_GAP, 4);
        destinationStep = frameBytes + LittleEndian.get(data, at + DESTINATION_GAP, 4);
        long frames = type == TYPE_INTERLEAVED ? LittleEndian.get(data, at + FRAMES, 4) : 1;
        // Both factors have 32 bits: the product fits 64 if they are unsigned.
        totalBytes = type == TYPE_NULL ? 0 : frameBytes * frames;
        if (MAGIC.of(control) != MAGIC_VALUE || (control & ~KNOWN_BITS) != 0 || type > TYPE_NULL) {
            fail(newAddress, SgRegisters.ERROR_DESCRIPTOR);
        } else if (Long.compareUnsigned(totalBytes, lengthBytesMax) > 0) {
            // Its flags hold: its status is written if it is wanted.
            totalBytes = 0;
            error = SgRegisters.ERROR_LENGTH;
            faultAddress = newAddress;
        }
    }

    boolean wantsInterrupt() {
        return INTERRUPT.isSet(control);
    }

    boolean wantsRecord() {
        return RECORD.isSet(control) || wantsInterrupt();
    }

    boolean wantsStatus() {
        return STATUS_WANTED.isSet(control);
    }

    boolean isOrdered() {
        return ORDERED.isSet(control);
    }

    boolean isFence() {
        return FENCE.isSet(control) || isOrdered();
    }

    boolean isBegun() {
        return begunBytes == totalBytes;
    }

    boolean isWritten() {
        return writtenBytes == totalBytes;
    }

    /// Bytes that are still to be written.
    long residueBytes() {
        return totalBytes - writtenBytes;
    }

    /// Makes `unit` the next one, of at most `byteCountMax` bytes.
    void begin(Unit unit, int byteCountMax) {
        int byteCount = (int) Math.min(byteCountMax, frameBytes - inFrame);
        unit.slot = this;
        unit.byteCount = byteCount;
        unit.source = frameSource + inFrame;
        unit.destination = frameDestination + inFrame;
        unit.isFill = type == TYPE_FILL;
        if (unit.isFill) {
            byte[] data = unit.transaction.data();
            for (int i = 0; i < byteCount; i++) {
                int place = (int) ((begunBytes + i) % PATTERN_BYTES);
                data[i] = (byte) (source >>> (8 * place));
            }
        }
        underWay++;
        begunBytes += byteCount;
        inFrame += byteCount;
        if (inFrame == frameBytes) {
            inFrame = 0;
            frameSource += sourceStep;
            frameDestination += destinationStep;
        }
    }
}
