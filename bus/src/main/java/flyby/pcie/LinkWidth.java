package flyby.pcie;

/// How many lanes a link has: section 4.2.4.
public enum LinkWidth {
    X1(1),
    X2(2),
    X4(4),
    X8(8),
    X16(16);

    private final int lanes;

    LinkWidth(int lanes) {
        this.lanes = lanes;
    }

    public int lanes() {
        return lanes;
    }
}
