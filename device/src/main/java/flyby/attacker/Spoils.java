package flyby.attacker;

import flyby.bus.Transaction.Status;

/// Where what an attacker gets goes: out of the machine, by a cable of his own.
public interface Spoils {
    /// Nobody wants it.
    Spoils NONE = new Spoils() {
        @Override
        public void asked(Raid raid) {
            // It is not looked at.
        }

        @Override
        public void answered(Raid raid, Status status) {
            // It is not looked at.
        }
    };

    /// `raid` leaves the device.
    void asked(Raid raid);

    /// The access is over. A write is over when it has left: nobody tells what became of it.
    void answered(Raid raid, Status status);
}
