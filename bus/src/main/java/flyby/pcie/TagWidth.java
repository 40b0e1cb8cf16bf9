package flyby.pcie;

/// How long the tag of a request is, and so how many reads one requester may have outstanding: section 2.2.6.2.
public enum TagWidth {
    FIVE_BITS(0, 32),
    /// Extended Tag Field Enable.
    EIGHT_BITS(0, 256),
    /// From GEN4 on. Tags whose two upper bits are 0 are left to completers that know eight bits.
    TEN_BITS(256, 768);

    private final int firstTag;
    private final int tagCount;

    TagWidth(int firstTag, int tagCount) {
        this.firstTag = firstTag;
        this.tagCount = tagCount;
    }

    public int firstTag() {
        return firstTag;
    }

    /// Tags there are, from [#firstTag] on.
    public int tagCount() {
        return tagCount;
    }
}
