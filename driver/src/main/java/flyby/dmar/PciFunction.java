package flyby.dmar;

import org.jspecify.annotations.Nullable;

/// A function as enumeration finds it: a device, or a port of a root complex or switch.
///
/// @param requesterId bus, device and function
/// @param port what sits here
/// @param bridge the port whose secondary bus it is on; null on a root bus
/// @param isMultiFunction whether its device has more than one function
/// @param hasAccessControl whether Access Control Services keep its requests from its neighbours: source
/// validation, request redirect, completion redirect and upstream forwarding are all enabled. PCI Express Base
/// Specification, section 6.12
public record PciFunction(
        int requesterId, Port port, @Nullable PciFunction bridge, boolean isMultiFunction, boolean hasAccessControl) {
    /// What a function is.
    public enum Port {
        ENDPOINT,
        ROOT_PORT,
        UPSTREAM_PORT,
        DOWNSTREAM_PORT
    }

    /// Whether its requests all go upstream: Linux's `pci_acs_enabled`. Endpoints and upstream ports of one
    /// function have nobody beside them to send to.
    boolean isIsolated() {
        return switch (port) {
            case ROOT_PORT, DOWNSTREAM_PORT -> hasAccessControl;
            case ENDPOINT, UPSTREAM_PORT -> !isMultiFunction || hasAccessControl;
        };
    }
}
