package flyby.sound;

/// What the card's output goes to.
public interface Speaker {
    /// A frame sounds from now on: a sample, or one for the left and one for the right, low byte first.
    void plays(byte[] frame, int byteCount);

    /// A frame is due and not there; the frame before goes on sounding.
    void holds();
}
