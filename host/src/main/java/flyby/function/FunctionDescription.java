package flyby.function;

import flyby.base.Check;
import flyby.configuration.layout.MsiRegisters;
import flyby.configuration.layout.MsixRegisters;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a function is: what its configuration space tells software, and what its engines can do.
///
/// ```java
/// FunctionDescription.of(0x1d1d, 0x0001, 0x010802)
///         .with(BaseAddress.memory64(0, 16_384))
///         .withMsix(new Msix(33, 0, 0x2000, 0x3000));
/// ```
///
/// @param vendorId section 7.5.1.1.1
/// @param deviceId section 7.5.1.1.2
/// @param classCode 24 bits, the base class highest: section 7.5.1.1.6
/// @param interruptPin 1 to 4 for INTA to INTD, 0 for none: section 7.5.1.1.13
/// @param msiVectors a power of two up to 32, 0 for no MSI
/// @param translationEntries of the translation cache, 0 for no ATS
public record FunctionDescription(
        int vendorId,
        int deviceId,
        int classCode,
        List<BaseAddress> baseAddresses,
        int interruptPin,
        int msiVectors,
        @Nullable Msix msix,
        int translationEntries,
        RequesterLimits requester) {
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

    public FunctionDescription {
        Check.that(interruptPin >= 0 && interruptPin <= 4, "interrupt pin %d", interruptPin);
        Check.that(
                msiVectors >= 0 && msiVectors <= MsiRegisters.VECTORS_MAX && Integer.bitCount(msiVectors) <= 1,
                "%d vectors of MSI",
                msiVectors);
        Check.that(translationEntries >= 0, "%d entries", translationEntries);
        int taken = 0;
        for (BaseAddress base : baseAddresses) {
            int slots = ((1 << base.slots()) - 1) << base.index();
            Check.that((taken & slots) == 0, "Base Address Register %d is used twice", base.index());
            taken |= slots;
        }
        Msix place = msix;
        if (place != null) {
            long end = Math.max(place.tableOffset() + place.tableBytes(), place.pendingOffset() + place.pendingBytes());
            Check.that(
                    baseAddresses.stream().anyMatch(base -> base.index() == place.baseAddress() && base.bytes() >= end),
                    "region %d has no room for MSI-X",
                    place.baseAddress());
        }
        baseAddresses = List.copyOf(baseAddresses);
    }

    /// A function with no registers and no interrupts.
    public static FunctionDescription of(int vendorId, int deviceId, int classCode) {
        return new FunctionDescription(vendorId, deviceId, classCode, List.of(), 0, 0, null, 0, RequesterLimits.PLAIN);
    }

    /// How many interrupt vectors the device can drive: 1 if it has but a wire.
    public int vectors() {
        return Math.max(Math.max(1, msiVectors), msix == null ? 0 : msix.vectors());
    }

    /// The same with one more region.
    public FunctionDescription with(BaseAddress base) {
        List<BaseAddress> all = new ArrayList<>(baseAddresses);
        all.add(base);
        return new FunctionDescription(
                vendorId, deviceId, classCode, all, interruptPin, msiVectors, msix, translationEntries, requester);
    }

    /// The same with interrupt pin INTA (1) to INTD (4).
    public FunctionDescription withPin(int pin) {
        return new FunctionDescription(
                vendorId, deviceId, classCode, baseAddresses, pin, msiVectors, msix, translationEntries, requester);
    }

    /// The same with MSI.
    public FunctionDescription withMsi(int vectors) {
        return new FunctionDescription(
                vendorId,
                deviceId,
                classCode,
                baseAddresses,
                interruptPin,
                vectors,
                msix,
                translationEntries,
                requester);
    }

    /// The same with MSI-X.
    public FunctionDescription withMsix(Msix place) {
        return new FunctionDescription(
                vendorId,
                deviceId,
                classCode,
                baseAddresses,
                interruptPin,
                msiVectors,
                place,
                translationEntries,
                requester);
    }

    /// The same with a translation cache of `entries`.
    public FunctionDescription withTranslationCache(int entries) {
        return new FunctionDescription(
                vendorId, deviceId, classCode, baseAddresses, interruptPin, msiVectors, msix, entries, requester);
    }

    /// The same with other limits.
    public FunctionDescription with(RequesterLimits limits) {
        return new FunctionDescription(
                vendorId,
                deviceId,
                classCode,
                baseAddresses,
                interruptPin,
                msiVectors,
                msix,
                translationEntries,
                limits);
    }
}
