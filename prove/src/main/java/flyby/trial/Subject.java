package flyby.trial;

import flyby.topology.Card;
import java.util.List;
import java.util.Set;

/// What is put on trial: cards, their driver, and something for them to do.
///
/// A subject is made anew for each run, so it may keep state.
public interface Subject {
    /// As reports call it.
    String name();

    /// The cards that are plugged into the machine, one or two, in the order in which [Bench#pci] counts them.
    ///
    /// @param scene what the machine wants of devices
    List<Card> cards(Scene scene);

    /// The operating system's side, as a thread of the first CPU: brings the driver to the device, works with it, and
    /// takes it away again. When it returns, whatever was mapped or allocated for the device must be gone.
    void run(Bench bench);

    /// What the subject is made to cope with, beyond what any driver has to.
    default Set<Hazard> hazards() {
        return Set.of();
    }

    /// Whether the machine is to have an ISA bus, for cards that are plugged in there when it runs.
    default boolean hasIsaBus() {
        return false;
    }

    /// What not every driver claims to survive.
    enum Hazard {
        /// Maps and allocations fail now and then.
        FAULTS,
        /// The device may write anything it can reach, at any time.
        MALICE,
        /// The card is pulled out while it works.
        REMOVAL
    }
}
