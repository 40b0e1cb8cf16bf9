package flyby.bus;

/// What a device says of the addresses in its requests: AT, PCI Express Base Specification, section 10.2.1.
public enum AddressType {
    /// 00b: an IOVA, to be translated on the way.
    UNTRANSLATED,
    /// 01b: what is the translation of this IOVA?
    TRANSLATION_REQUEST,
    /// 10b: the device says that this is a physical address already.
    TRANSLATED
}
