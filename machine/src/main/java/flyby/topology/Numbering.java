package flyby.topology;

import flyby.base.Check;
import java.util.LinkedHashMap;
import java.util.Map;

/// The bus, device and function number that firmware gives each part: depth first, as section 7.5.1.3 wants it,
/// with the root ports as devices of bus 0 in their order.
public final class Numbering {
    /// Device 0 of bus 0 is the host bridge.
    public static final int FIRST_ROOT_DEVICE = 1;

    private final Map<String, Integer> ids = new LinkedHashMap<>();
    private int lastBus;

    public Numbering(MachineDescription machine) {
        int device = FIRST_ROOT_DEVICE;
        for (Part port : machine.machine().parts(PartKind.ROOT_PORT)) {
            port(port, id(0, device++, 0));
        }
    }

    /// Bus (8 bits), device (5) and function (3) of `part`; of a switch those of its upstream port.
    public int id(Part part) {
        Integer id = ids.get(part.path());
        if (id == null) {
            throw Check.bug("no number for %s", part.path());
        }
        return id;
    }

    /// As people write it: `01:00.0`.
    public String text(Part part) {
        int id = id(part);
        return "%02x:%02x.%x".formatted(id >> 8, (id >> 3) & 0x1f, id & 7);
    }

    private void port(Part port, int id) {
        ids.put(port.path(), id);
        int bus = ++lastBus;
        for (Part inside : port.parts()) {
            if (inside.kind() == PartKind.FUNCTION) {
                ids.put(inside.path(), id(bus, 0, (int) inside.settings().count("number")));
            } else {
                ids.put(inside.path(), id(bus, 0, 0));
                int inner = ++lastBus;
                int device = 0;
                for (Part downstream : inside.parts()) {
                    port(downstream, id(inner, device++, 0));
                }
            }
        }
    }

    private static int id(int bus, int device, int function) {
        return (bus << 8) | (device << 3) | function;
    }
}
