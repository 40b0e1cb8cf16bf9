package flyby.machine;

import flyby.base.Check;
import flyby.configuration.ConfigurationSpace;
import flyby.configuration.layout.AcsRegisters;
import flyby.configuration.layout.AtsRegisters;
import flyby.configuration.layout.CapabilityIds;
import flyby.configuration.layout.ExpressRegisters;
import flyby.configuration.layout.HeaderRegisters;
import flyby.configuration.layout.MsiRegisters;
import flyby.configuration.layout.MsixRegisters;
import flyby.function.Function;
import flyby.params.Settings;
import flyby.pcie.TagWidth;
import flyby.topology.FunctionCatalogue;

/// What an operating system sets in a function before its driver runs. It is there when a run begins and takes no
/// time of it.
final class FunctionSetup {
    /// Interrupts to the core with APIC identifier 0: Intel SDM, volume 3, section 10.11.1.
    private static final long FIRST_CORE = 0xfee0_0000L;

    private static final int DESTINATION_SHIFT = 12;

    /// The first extended capability: section 7.6.1.
    private static final int EXTENDED = 0x100;

    private FunctionSetup() {}

    /// Read requests as large as the description says, tags as wide, and interrupts by message.
    static void enable(PcieMachine.Plugged plugged) {
        ConfigurationSpace space = plugged.function().configuration();
        Settings settings = plugged.part().settings();
        TagWidth tags = FunctionCatalogue.tags(settings);
        int express = capability(space, CapabilityIds.PCI_EXPRESS);
        int readCode = Long.numberOfTrailingZeros(settings.bytes("mrrs") / 128);
        long control = space.read(express + ExpressRegisters.DEVICE_CONTROL, 2);
        control = ExpressRegisters.DEVICE_MAX_READ_REQUEST.with(control, readCode);
        control = ExpressRegisters.DEVICE_EXTENDED_TAG.with(control, tags == TagWidth.FIVE_BITS ? 0 : 1);
        space.write(express + ExpressRegisters.DEVICE_CONTROL, 2, control);
        if (tags == TagWidth.TEN_BITS) {
            long control2 = space.read(express + ExpressRegisters.DEVICE_CONTROL_2, 2);
            control2 = ExpressRegisters.DEVICE_2_TEN_BIT_REQUESTER.with(control2, 1);
            space.write(express + ExpressRegisters.DEVICE_CONTROL_2, 2, control2);
        }
        for (int i = 0; i < plugged.vectors().size() && !plugged.isWired(); i++) {
            message(plugged, i, addressOf(0), plugged.vectors().get(i));
        }
    }

    /// Where a message to the core with APIC identifier `core` goes.
    static long addressOf(int core) {
        return FIRST_CORE | (long) core << DESTINATION_SHIFT;
    }

    /// Interrupt `index` of the function is a write of `data` to `address` from now on.
    static void message(PcieMachine.Plugged plugged, int index, long address, int data) {
        ConfigurationSpace space = plugged.function().configuration();
        if (find(space, CapabilityIds.MSI_X) != 0) {
            messageX(plugged, index, address, data);
            return;
        }
        int msi = capability(space, CapabilityIds.MSI);
        space.write(msi + MsiRegisters.ADDRESS, 4, address);
        space.write(msi + MsiRegisters.DATA, 2, data);
        space.write(msi + MsiRegisters.CONTROL, 2, MsiRegisters.CONTROL_ENABLE.mask());
    }

    /// An entry of the table, and the table is used: sections 7.7.2.2 and 7.7.2.5 to 7.7.2.8.
    private static void messageX(PcieMachine.Plugged plugged, int index, long address, int data) {
        Function function = plugged.function();
        int msix = capability(function.configuration(), CapabilityIds.MSI_X);
        long place = function.configuration().get(msix + MsixRegisters.TABLE, 4);
        int region = (int) MsixRegisters.WHERE_BASE_ADDRESS.of(place);
        long entry = (place & MsixRegisters.WHERE_OFFSET.mask()) + (long) index * MsixRegisters.ENTRY_BYTES;
        function.writeRegister(region, entry + MsixRegisters.ENTRY_ADDRESS, 4, address);
        function.writeRegister(region, entry + MsixRegisters.ENTRY_UPPER_ADDRESS, 4, address >>> 32);
        function.writeRegister(region, entry + MsixRegisters.ENTRY_DATA, 4, data);
        function.writeRegister(region, entry + MsixRegisters.ENTRY_CONTROL, 4, 0);
        function.configuration().write(msix + MsixRegisters.CONTROL, 2, MsixRegisters.CONTROL_ENABLE.mask());
    }

    /// What a downstream port of a switch does from now on with what comes in from below: sections 6.12.1.1 and
    /// 7.7.8.3.
    ///
    /// @param redirects whether what is for a neighbour goes up to the root, and completions too
    /// @param blocksTranslated whether nobody may say that an address is translated
    static void accessControl(ConfigurationSpace port, boolean redirects, boolean blocksTranslated) {
        long services = redirects ? AcsRegisters.REQUEST_REDIRECT.mask() | AcsRegisters.COMPLETION_REDIRECT.mask() : 0;
        services |= blocksTranslated ? AcsRegisters.TRANSLATION_BLOCKING.mask() : 0;
        port.write(extended(port, CapabilityIds.ACCESS_CONTROL_SERVICES) + AcsRegisters.CONTROL, 2, services);
    }

    /// Lets the function translate by itself: section 10.5.1.3.
    static void enableTranslation(PcieMachine.Plugged plugged) {
        ConfigurationSpace space = plugged.function().configuration();
        int ats = extended(space, CapabilityIds.ADDRESS_TRANSLATION_SERVICES);
        space.write(ats + AtsRegisters.CONTROL, 2, AtsRegisters.CONTROL_ENABLE.mask());
    }

    private static int extended(ConfigurationSpace space, int id) {
        int at = EXTENDED;
        while (at != 0 && (space.get(at, 4) & 0xffff) != id) {
            at = (int) (space.get(at, 4) >>> 20);
        }
        Check.that(at != 0, "no extended capability %d", id);
        return at;
    }

    /// Where the capability begins: section 7.5.1.1.11.
    private static int capability(ConfigurationSpace space, int id) {
        int at = find(space, id);
        Check.that(at != 0, "no capability %d", id);
        return at;
    }

    /// The same, or 0 if there is none.
    private static int find(ConfigurationSpace space, int id) {
        int at = (int) space.get(HeaderRegisters.CAPABILITIES_POINTER, 1);
        while (at != 0 && space.get(at, 1) != id) {
            at = (int) space.get(at + 1, 1);
        }
        return at;
    }
}
