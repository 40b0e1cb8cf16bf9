package flyby.fault;

import flyby.sim.Prng;

/// Which bits of some bytes are flipped: one bit, all of a byte, or some of any byte.
record Corruption(int index, int mask) {
    /// What `rule` does to `byteCount` bytes; a place beyond them is counted round their end.
    static Corruption of(ArmedRule rule, int byteCount) {
        FaultRule.Effect effect = rule.rule().effect();
        if (effect.place() < 0) {
            Prng prng = rule.prng();
            int index = (int) prng.below(byteCount);
            return new Corruption(index, 1 + (int) prng.below(255));
        }
        if (effect.isBit()) {
            int bit = (int) (effect.place() % (8L * byteCount));
            return new Corruption(bit / 8, 1 << (bit % 8));
        }
        return new Corruption((int) (effect.place() % byteCount), 0xff);
    }

    void apply(byte[] data) {
        data[index] ^= (byte) mask;
    }

    long apply(long value) {
        return value ^ ((long) mask << (8 * index));
    }

    @Override
    public String toString() {
        return "byte %d with 0x%02x flipped".formatted(index, mask);
    }
}
