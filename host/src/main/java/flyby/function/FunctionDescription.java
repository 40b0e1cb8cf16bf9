package flyby.function;

import flyby.base.Check;
import flyby.configuration.layout.MsiRegisters;
import flyby.configuration.layout.MsixRegisters;
import flyby.pcie.Segmentation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a function is: what its configuration space tells software, and what its engines can do. Never changes;
/// each `with` makes another one.
///
/// ```java
/// FunctionDescription.of(0x1d1d, 0x0001, 0x01_0802)
///         .with(BaseAddress.memory64(0, 16_384))
///         .withMsix(new Msix(33, 0, 0x2000, 0x3000));
/// ```
public final class FunctionDescription {
    private final int vendorId;
    private final int deviceId;
    private final int classCode;
    private int revisionId;
    private List<BaseAddress> baseAddresses = List.of();
    private int interruptPin;
    private int msiVectors;
    private @Nullable Msix msix;
    private int translationEntries;
    private boolean accessControl;
    private int accessBytesMax = Segmentation.PAGE_BYTES;
    private RequesterLimits requester = RequesterLimits.PLAIN;

    private FunctionDescription(int vendorId, int deviceId, int classCode) {
        this.vendorId = vendorId;
        this.deviceId = deviceId;
        this.classCode = classCode;
    }

    /// A function with no registers and no interrupts.
    ///
    /// @param vendorId section 7.5.1.1.1
    /// @param deviceId section 7.5.1.1.2
    /// @param classCode 24 bits, the base class highest: section 7.5.1.1.6
    public static FunctionDescription of(int vendorId, int deviceId, int classCode) {
        return new FunctionDescription(vendorId, deviceId, classCode);
    }

    private FunctionDescription copy() {
        FunctionDescription copy = new FunctionDescription(vendorId, deviceId, classCode);
        copy.revisionId = revisionId;
        copy.baseAddresses = baseAddresses;
        copy.interruptPin = interruptPin;
        copy.msiVectors = msiVectors;
        copy.msix = msix;
        copy.translationEntries = translationEntries;
        copy.accessControl = accessControl;
        copy.accessBytesMax = accessBytesMax;
        copy.requester = requester;
        return copy;
    }

    /// The same in another revision, 0 to 255: section 7.5.1.1.5. Without it, 0.
    public FunctionDescription withRevision(int revisionId) {
        Check.that(revisionId >= 0 && revisionId <= 0xff, "revision %d", revisionId);
        FunctionDescription copy = copy();
        copy.revisionId = revisionId;
        return copy;
    }

    /// The same with one more region.
    public FunctionDescription with(BaseAddress base) {
        for (BaseAddress other : baseAddresses) {
            boolean isApart =
                    base.index() + base.slots() <= other.index() || other.index() + other.slots() <= base.index();
            Check.that(isApart, "Base Address Register %d is used twice", base.index());
        }
        FunctionDescription copy = copy();
        copy.baseAddresses = new ArrayList<>(baseAddresses);
        copy.baseAddresses.add(base);
        copy.baseAddresses = List.copyOf(copy.baseAddresses);
        return copy;
    }

    /// The same with an INTx interrupt: 1 to 4 for INTA to INTD, section 7.5.1.1.13.
    public FunctionDescription withPin(int pin) {
        Check.that(pin >= 1 && pin <= 4, "interrupt pin %d", pin);
        FunctionDescription copy = copy();
        copy.interruptPin = pin;
        return copy;
    }

    /// The same with MSI.
    ///
    /// @param vectors a power of two up to 32
    public FunctionDescription withMsi(int vectors) {
        Check.that(
                vectors > 0 && vectors <= MsiRegisters.VECTORS_MAX && Integer.bitCount(vectors) == 1,
                "%d vectors of MSI",
                vectors);
        FunctionDescription copy = copy();
        copy.msiVectors = vectors;
        return copy;
    }

    /// The same with MSI-X, in a region that it has already.
    public FunctionDescription withMsix(Msix place) {
        long end = Math.max(place.tableOffset() + place.tableBytes(), place.pendingOffset() + place.pendingBytes());
        Check.that(
                baseAddresses.stream().anyMatch(base -> base.index() == place.baseAddress() && base.bytes() >= end),
                "region %d has no room for MSI-X",
                place.baseAddress());
        FunctionDescription copy = copy();
        copy.msix = place;
        return copy;
    }

    /// The same with Address Translation Services and a cache of so many translations, 1 or more.
    public FunctionDescription withTranslationCache(int entries) {
        Check.that(entries > 0, "a cache of %d translations", entries);
        FunctionDescription copy = copy();
        copy.translationEntries = entries;
        return copy;
    }

    /// The same with Access Control Services: it says that its requests for other functions of the endpoint go up
    /// to the root complex, as they do here in any case. Section 6.12.1.2.
    public FunctionDescription withAccessControl() {
        FunctionDescription copy = copy();
        copy.accessControl = true;
        return copy;
    }

    /// The same with registers that answer larger accesses with Completer Abort: section 2.3.1.
    public FunctionDescription withAccesses(int bytesMax) {
        Check.that(bytesMax >= 1, "accesses of at most %d bytes", bytesMax);
        FunctionDescription copy = copy();
        copy.accessBytesMax = bytesMax;
        return copy;
    }

    /// The same with engines of other limits.
    public FunctionDescription with(RequesterLimits limits) {
        FunctionDescription copy = copy();
        copy.requester = limits;
        return copy;
    }

    public int vendorId() {
        return vendorId;
    }

    public int deviceId() {
        return deviceId;
    }

    public int classCode() {
        return classCode;
    }

    public int revisionId() {
        return revisionId;
    }

    public List<BaseAddress> baseAddresses() {
        return baseAddresses;
    }

    /// 1 to 4 for INTA to INTD, 0 for none.
    public int interruptPin() {
        return interruptPin;
    }

    /// How many vectors of MSI it wants, 0 if it has none.
    public int msiVectors() {
        return msiVectors;
    }

    public @Nullable Msix msix() {
        return msix;
    }

    /// How many interrupt vectors the device can drive: 1 if it has but a wire.
    public int vectors() {
        return Math.max(Math.max(1, msiVectors), msix == null ? 0 : msix.vectors());
    }

    /// Entries of its translation cache, 0 if it has no Address Translation Services.
    public int translationEntries() {
        return translationEntries;
    }

    public boolean hasAccessControl() {
        return accessControl;
    }

    /// The most bytes of an access to its registers.
    public int accessBytesMax() {
        return accessBytesMax;
    }

    public RequesterLimits requester() {
        return requester;
    }

    /// Where a function has its MSI-X structures: section 7.7.2.
    ///
    /// @param vectors 1 to 2,048
    /// @param baseAddress the region that has them
    /// @param tableOffset of the table in that region, a multiple of 8
    /// @param pendingOffset of the Pending Bit Array in that region, a multiple of 8
    public record Msix(int vectors, int baseAddress, long tableOffset, long pendingOffset) {
        public Msix {
            Check.that(vectors >= 1 && vectors <= MsixRegisters.VECTORS_MAX, "%d vectors of MSI-X", vectors);
            Check.that((tableOffset & 7) == 0 && (pendingOffset & 7) == 0, "MSI-X structures at 0x%x", tableOffset);
            Check.that(
                    pendingOffset >= tableOffset + tableBytes(vectors)
                            || tableOffset >= pendingOffset + pendingBytes(vectors),
                    "the MSI-X table at 0x%x overlaps its Pending Bit Array",
                    tableOffset);
        }

        /// Bytes of the table.
        public int tableBytes() {
            return tableBytes(vectors);
        }

        /// Bytes of the Pending Bit Array: a bit for each vector, in quadwords.
        public int pendingBytes() {
            return pendingBytes(vectors);
        }

        private static int tableBytes(int vectors) {
            return vectors * MsixRegisters.ENTRY_BYTES;
        }

        private static int pendingBytes(int vectors) {
            return Math.ceilDiv(vectors, 64) * 8;
        }
    }
}
