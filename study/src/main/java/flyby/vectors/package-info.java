/// The test bench of the 8237A: applies a file of pin levels to the chip, clock by clock, and says what the chip's
/// pins do; `docs/vectors.md` describes the file.
package flyby.vectors;
