package flyby.link;

import flyby.base.LabException;
import flyby.pcie.FlowClass;

/// The room that one end of a link grants the other for each [FlowClass]: section 2.6.1.
///
/// Headers are counted, data is counted in units of 16 bytes.
///
/// @param postedHeaders PH
/// @param postedData PD
/// @param nonPostedHeaders NPH
/// @param nonPostedData NPD
/// @param completionHeaders CPLH
/// @param completionData CPLD
public record ReceiveBuffer(
        int postedHeaders,
        int postedData,
        int nonPostedHeaders,
        int nonPostedData,
        int completionHeaders,
        int completionData) {
    /// As many as anybody wants: what the specification advertises as zero.
    public static final int INFINITE = Integer.MAX_VALUE;

    /// The unit of data credits, in bytes: section 2.6.1.
    public static final int UNIT_BYTES = 16;

    /// Room for everything.
    public static final ReceiveBuffer UNLIMITED =
            new ReceiveBuffer(INFINITE, INFINITE, INFINITE, INFINITE, INFINITE, INFINITE);

    /// Of an endpoint or a root complex, which must take all completions that it has asked for: section 2.6.1.
    public static ReceiveBuffer endpoint(int postedHeaders, int postedData, int nonPostedHeaders, int nonPostedData) {
        return new ReceiveBuffer(postedHeaders, postedData, nonPostedHeaders, nonPostedData, INFINITE, INFINITE);
    }

    /// The headers of `flow`.
    public int headers(FlowClass flow) {
        return switch (flow) {
            case POSTED -> postedHeaders;
            case NON_POSTED -> nonPostedHeaders;
            case COMPLETION -> completionHeaders;
        };
    }

    /// The data of `flow`, in units.
    public int data(FlowClass flow) {
        return switch (flow) {
            case POSTED -> postedData;
            case NON_POSTED -> nonPostedData;
            case COMPLETION -> completionData;
        };
    }

    /// Refuses room that a packet could never fit in: table 2-44 has the least that a port may advertise.
    void requireRoom(String where, int maxPayloadBytes) {
        int payloadUnits = units(maxPayloadBytes / 4);
        requireRoom(where, "posted headers", postedHeaders, 1);
        requireRoom(where, "posted data", postedData, payloadUnits);
        requireRoom(where, "non-posted headers", nonPostedHeaders, 1);
        requireRoom(where, "non-posted data", nonPostedData, 1);
        requireRoom(where, "completion headers", completionHeaders, 1);
        requireRoom(where, "completion data", completionData, payloadUnits);
    }

    private static void requireRoom(String where, String what, int credits, int least) {
        if (credits < least) {
            throw new LabException(
                    LabException.Kind.BAD_INPUT, where, credits + " credits for " + what, least + " or more");
        }
    }

    /// The units that `doublewords` of payload take.
    static int units(int doublewords) {
        return (doublewords + 3) >> 2;
    }
}
