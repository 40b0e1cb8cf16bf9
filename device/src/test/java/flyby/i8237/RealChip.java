package flyby.i8237;

/// The model under test, as a [Chip].
record RealChip(I8237A chip) implements Chip {
    @Override
    public void reset() {
        chip.reset();
    }

    @Override
    public void dreq(int channel, boolean high) {
        chip.dreq(channel, high);
    }

    @Override
    public void hlda(boolean high) {
        chip.hlda(high);
    }

    @Override
    public void ready(boolean high) {
        chip.ready(high);
    }

    @Override
    public void externalEop(boolean low) {
        chip.externalEop(low);
    }

    @Override
    public int read(int offset) {
        return chip.read(offset);
    }

    @Override
    public void write(int offset, int value) {
        chip.write(offset, value);
    }

    @Override
    public boolean isProgrammable() {
        return chip.isProgrammable();
    }

    @Override
    public void clockFalls() {
        chip.clockFalls();
    }

    @Override
    public void clockRises() {
        chip.clockRises();
    }

    @Override
    public Pins pins() {
        return Pins.of(chip);
    }
}
