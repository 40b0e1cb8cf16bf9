package flyby.link;

import flyby.pcie.FlowClass;

/// The credits that one end has of the other's receive buffer, for each flow.
record CreditPools(CreditPool posted, CreditPool nonPosted, CreditPool completion) {
    static CreditPools of(ReceiveBuffer buffer) {
        return new CreditPools(
                new CreditPool(buffer.postedHeaders(), buffer.postedData()),
                new CreditPool(buffer.nonPostedHeaders(), buffer.nonPostedData()),
                new CreditPool(buffer.completionHeaders(), buffer.completionData()));
    }

    CreditPool of(FlowClass flow) {
        return switch (flow) {
            case POSTED -> posted;
            case NON_POSTED -> nonPosted;
            case COMPLETION -> completion;
        };
    }

    /// See [CreditPool#learn].
    void learn(long nowPicos) {
        posted.learn(nowPicos);
        nonPosted.learn(nowPicos);
        completion.learn(nowPicos);
    }

    /// See [CreditPool#nextReturnPicos].
    long nextReturnPicos() {
        return Math.min(posted.nextReturnPicos(), Math.min(nonPosted.nextReturnPicos(), completion.nextReturnPicos()));
    }

    void reset() {
        posted.reset();
        nonPosted.reset();
        completion.reset();
    }
}
