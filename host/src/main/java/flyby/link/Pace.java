package flyby.link;

/// How a link simulates packets that follow each other. What anybody can observe is the same.
public enum Pace {
    /// Each packet has its own events.
    PACKETS,
    /// The packets of a [flyby.pcie.WriteRun] are simulated together for as long as nobody else wants the link and
    /// the receiver can take them so: see [TrainReceiver].
    TRAINS
}
