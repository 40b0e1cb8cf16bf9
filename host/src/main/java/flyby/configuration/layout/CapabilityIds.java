package flyby.configuration.layout;

/// The numbers by which software finds capabilities: PCI Code and ID Assignment Specification, sections 2 and 3;
/// the lists themselves are of sections 7.5.3.1 and 7.6.3.
public final class CapabilityIds {
    /// Section 7.5.2.
    public static final int POWER_MANAGEMENT = 0x01;
    /// Section 7.7.1.
    public static final int MSI = 0x05;
    /// Section 7.5.3.
    public static final int PCI_EXPRESS = 0x10;
    /// Section 7.7.2.
    public static final int MSI_X = 0x11;

    /// Section 7.8.4.
    public static final int ADVANCED_ERROR_REPORTING = 0x0001;
    /// Section 7.7.8.
    public static final int ACCESS_CONTROL_SERVICES = 0x000d;
    /// Section 7.8.8.
    public static final int ALTERNATIVE_ROUTING_ID = 0x000e;
    /// Section 10.5.1.
    public static final int ADDRESS_TRANSLATION_SERVICES = 0x000f;

    /// Where extended capabilities begin: section 7.6.
    public static final int EXTENDED_START = 0x100;

    private CapabilityIds() {}
}
