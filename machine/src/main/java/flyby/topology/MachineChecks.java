package flyby.topology;

import static flyby.topology.Draft.refuse;

import flyby.params.Settings;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What must hold between the parts of a machine.
final class MachineChecks {
    /// Numbers of functions without ARI have three bits: section 2.2.6.2.
    private static final int FUNCTIONS_MAX = 8;

    /// Device numbers have five bits. Bus 0 has the root complex itself as device 0.
    private static final int DEVICES_MAX = 32;

    private static final int BUSES_MAX = 256;

    private final MachineDescription machine;

    private MachineChecks(MachineDescription machine) {
        this.machine = machine;
    }

    static void check(MachineDescription machine) {
        new MachineChecks(machine).check();
    }

    private void check() {
        machine.machine().all().forEach(this::part);
        registers();
        long buses = 1
                + machine.machine()
                        .all()
                        .filter(part -> part.kind().isPort() || part.kind() == PartKind.SWITCH)
                        .count();
        if (buses > BUSES_MAX) {
            throw refuse(machine.machine().place(), buses + " buses", "at most " + BUSES_MAX + ": section 7.5.1.3");
        }
    }

    private void part(Part part) {
        switch (part.kind()) {
            case MACHINE -> {
                countDevices(part, PartKind.ROOT_PORT, DEVICES_MAX - 1);
                bridges(part);
            }
            case SWITCH -> countDevices(part, PartKind.PORT, DEVICES_MAX);
            case ROOT_PORT, PORT -> functions(part);
            case ISA_BRIDGE -> cards(part);
            case FUNCTION, CARD -> {
                // What is between them is checked at their port or bridge.
            }
        }
        if (part.kind() == PartKind.ROOT_PORT) {
            Settings settings = part.settings();
            long sockets = machine.machine().settings().count("cpu.sockets");
            if (settings.count("socket") >= sockets) {
                throw refuse(
                        settings.resolved("socket").origin().valuePlace(),
                        "socket " + settings.count("socket") + " for " + part.name(),
                        "a socket of the machine, which has " + sockets + ", counted from 0");
            }
        }
    }

    private static void countDevices(Part part, PartKind kind, int most) {
        List<Part> devices = part.parts(kind);
        if (devices.size() > most) {
            throw refuse(
                    devices.get(most).place(),
                    devices.size() + " " + kind.group() + " of " + part.name(),
                    "at most " + most + ": device numbers have five bits, section 2.2.6.2");
        }
        if (kind == PartKind.PORT && devices.isEmpty()) {
            throw refuse(part.place(), "switch " + part.name() + " without ports", "at least one port");
        }
    }

    private static void bridges(Part machine) {
        List<Part> bridges = machine.parts(PartKind.ISA_BRIDGE);
        if (bridges.size() > 1) {
            throw refuse(
                    bridges.get(1).place(),
                    "a second bridge to an ISA bus, " + bridges.get(1).name() + " after "
                            + bridges.getFirst().name(),
                    "at most one: both would claim the ports of the 8237A");
        }
    }

    private static void cards(Part bridge) {
        EnumMap<CardKind, Part> byKind = new EnumMap<>(CardKind.class);
        for (Part card : bridge.parts(PartKind.CARD)) {
            CardKind kind = IsaCatalogue.card(card.settings());
            Part other = byKind.put(kind, card);
            if (other != null) {
                throw refuse(
                        card.place(),
                        "cards " + other.name() + " and " + card.name() + ", both " + kind.word() + " at port 0x"
                                + Integer.toHexString(kind.firstPort()),
                        "each card once");
            }
        }
    }

    private static void functions(Part port) {
        Map<Long, Part> byNumber = new LinkedHashMap<>();
        for (Part function : port.parts(PartKind.FUNCTION)) {
            Settings.Resolved number = function.settings().resolved("number");
            long value = function.settings().count("number");
            if (value >= FUNCTIONS_MAX) {
                throw refuse(
                        number.origin().valuePlace(),
                        "function number " + value + " behind " + port.name(),
                        "0 to 7: the device behind a port has at most 8 functions");
            }
            Part other = byNumber.put(value, function);
            if (other != null) {
                throw refuse(
                        function.place(),
                        "functions " + other.name() + " and " + function.name() + " behind " + port.name()
                                + ", both with number " + value,
                        "each id once");
            }
        }
        for (long number = 0; number < byNumber.size(); number++) {
            if (!byNumber.containsKey(number)) {
                throw refuse(
                        byNumber.values().iterator().next().place(),
                        "no function " + number + " among the " + byNumber.size() + " behind " + port.name(),
                        "numbers from 0 on, without a gap");
            }
        }
    }

    /// Fixed BARs must lie where registers are, on a multiple of their size, and apart from each other.
    private void registers() {
        long base = HostCatalogue.registersBegin(machine.machine().settings());
        TreeMap<Long, Part> byAddress = new TreeMap<>();
        for (Part function : machine.all(PartKind.FUNCTION)) {
            long address = function.settings().address("bar0.address");
            long bytes = FunctionCatalogue.device(function.settings()).registerBytes();
            if (address == FunctionCatalogue.PLACED) {
                continue;
            }
            String place = function.settings().resolved("bar0.address").origin().valuePlace();
            String found = "BAR 0 of " + function.name() + " at " + range(address, bytes);
            if (address % bytes != 0) {
                throw refuse(place, found, "a multiple of its size, 0x" + Long.toHexString(bytes));
            }
            if (address < base || address + bytes > HostCatalogue.REGISTERS_END) {
                String expected = range(base, HostCatalogue.REGISTERS_END - base) + ", where registers are";
                throw refuse(place, found, expected + ": memory and interrupts are elsewhere");
            }
            Map.Entry<Long, Part> below = byAddress.floorEntry(address + bytes - 1);
            if (below != null && below.getKey() + registerBytes(below.getValue()) > address) {
                Part other = below.getValue();
                throw refuse(
                        place,
                        found + ", over that of " + other.name() + " at " + range(below.getKey(), registerBytes(other)),
                        "BARs that do not overlap");
            }
            byAddress.put(address, function);
        }
    }

    private static long registerBytes(Part function) {
        return FunctionCatalogue.device(function.settings()).registerBytes();
    }

    private static String range(long address, long bytes) {
        return "0x" + Long.toHexString(address) + " to 0x" + Long.toHexString(address + bytes - 1);
    }
}
