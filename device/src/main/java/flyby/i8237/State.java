package flyby.i8237;

/// The states of an 8237A, each one clock long. Data sheet 231466, "DMA Operation" and "Memory-to-Memory".
public enum State {
    /// Idle: DREQ is sampled every clock, the CPU may program the chip.
    SI,
    /// HRQ is up; waits for HLDA. The CPU may still program the chip.
    S0,
    /// The upper address byte is put on the data bus, for the external latch.
    S1,
    /// The lower address byte is out, DACK comes, the read strobe falls.
    S2,
    /// The read has time; the write strobe falls. Left out by compressed timing.
    S3,
    /// Waits for READY.
    SW,
    /// The transfer is done, address and count move on.
    S4,
    /// Memory-to-memory, reading: as S1.
    S11,
    /// Memory-to-memory, reading: as S2.
    S12,
    /// Memory-to-memory, reading: as S3.
    S13,
    /// Memory-to-memory, reading: the byte is taken into the temporary register.
    S14,
    /// Memory-to-memory, writing: as S1.
    S21,
    /// Memory-to-memory, writing: as S2.
    S22,
    /// Memory-to-memory, writing: as S3.
    S23,
    /// Memory-to-memory, writing: the byte is in memory, addresses and counts move on.
    S24,
    /// Cascade: the bus belongs to whoever is behind the channel, until DREQ falls. The data sheet names no state
    /// for it.
    SC
}
