package flyby.topology;

import flyby.params.Catalogue;
import flyby.params.Source;

/// What may be set on a switch.
public final class SwitchCatalogue {
    static final Catalogue PARAMETERS = Catalogue.titled("A switch")
            .duration(
                    "latency",
                    "150 ns",
                    "0 ns",
                    "10 us",
                    Source.assumed("makers print 110 to 170 ns for Gen3 and Gen4 switches"),
                    "From the last symbol of a packet at one port to its first at another.")
            .flag("acs", false, "Whether requests between its ports are sent up to the root: section 6.12.")
            .flag(
                    "translation-blocking",
                    false,
                    "Whether its ports let nobody below them say that an address is translated: section 6.12.1.1, ACS"
                            + " Translation Blocking.")
            .build();

    private SwitchCatalogue() {}
}
