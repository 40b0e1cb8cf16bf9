package flyby.apidebug;

import flyby.apidebug.Entry.Shape;
import flyby.dma.Attributes;
import java.util.ArrayList;
import java.util.List;

/// What an unmap says otherwise than its map did.
record Difference(ApiCheck check, String what, String mapped, String freed) {
    /// Attributes that an unmap has to repeat.
    private static final long REPEATED = Attributes.NO_KERNEL_MAPPING
            | Attributes.FORCE_CONTIGUOUS
            | Attributes.MMIO
            | Attributes.REQUIRE_COHERENT
            | Attributes.PRIVILEGED;

    /// In the order in which the kernel looks.
    static List<Difference> between(Shape mapped, Shape freed) {
        List<Difference> found = new ArrayList<>();
        if (mapped.byteCount() != freed.byteCount()) {
            found.add(new Difference(
                    ApiCheck.SIZE, "different size", mapped.byteCount() + " bytes", freed.byteCount() + " bytes"));
        }
        if (mapped.type() != freed.type()) {
            found.add(new Difference(ApiCheck.FUNCTION, "wrong function", mapped.type().word, freed.type().word));
        } else if (isMade(mapped.type()) && mapped.physical() != freed.physical()) {
            found.add(new Difference(
                    ApiCheck.CPU_ADDRESS, "different CPU address", hex(mapped.physical()), hex(freed.physical())));
        }
        if (freed.type() == Entry.Type.SG && freed.sgCount() != mapped.sgCount()) {
            found.add(new Difference(
                    ApiCheck.ENTRY_COUNT,
                    "different entry count of its sg list",
                    mapped.sgCount() + " entries",
                    freed.sgCount() + " entries"));
        }
        if (mapped.direction() != freed.direction()) {
            found.add(new Difference(
                    ApiCheck.DIRECTION,
                    "different direction",
                    mapped.direction().name(),
                    freed.direction().name()));
        }
        if (((mapped.attributes() ^ freed.attributes()) & REPEATED) != 0) {
            found.add(new Difference(
                    ApiCheck.ATTRIBUTES, "different attributes", hex(mapped.attributes()), hex(freed.attributes())));
        }
        return found;
    }

    private static boolean isMade(Entry.Type type) {
        return type == Entry.Type.COHERENT || type == Entry.Type.NONCOHERENT;
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
