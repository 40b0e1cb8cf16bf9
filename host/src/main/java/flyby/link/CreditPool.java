package flyby.link;

import java.util.Arrays;

/// The credits of one [flyby.pcie.FlowClass] that a sender has: section 2.6.1.2.
///
/// Credits that come back are noted with the time at which they are known, which may lie ahead. A decision at one
/// instant sees those that came strictly before.
final class CreditPool {
    private final int headerLimit;
    private final int dataLimit;
    private int headers;
    private int data;
    // Ring of returns, the oldest at `first`.
    private long[] timesPicos = new long[8];
    private int[] returnedHeaders = new int[8];
    private int[] returnedData = new int[8];
    private int first;
    private int count;

    CreditPool(int headerLimit, int dataLimit) {
        this.headerLimit = headerLimit;
        this.dataLimit = dataLimit;
        this.headers = headerLimit;
        this.data = dataLimit;
    }

    /// As after initialisation of flow control, section 3.4.
    void reset() {
        headers = headerLimit;
        data = dataLimit;
        count = 0;
    }

    /// Whether anything of it ever comes back.
    boolean isFinite() {
        return headerLimit != ReceiveBuffer.INFINITE || dataLimit != ReceiveBuffer.INFINITE;
    }

    /// Whether there are credits for a packet with `units` of data.
    boolean allows(int units) {
        return headers > 0 && data >= units;
    }

    /// How many packets with `units` of data each there are credits for.
    int allowed(int units) {
        return Math.min(headers, units == 0 ? headers : data / units);
    }

    /// What is missing for such a packet, as a sentence has it.
    String missing(int units) {
        return headers == 0 ? "a header credit" : units - data + " data credits";
    }

    /// One header and `units` of data are used.
    void take(int units) {
        take(1, units);
    }

    /// `usedHeaders` and `usedData` are used; those of them that there are not are known to come back in time.
    void take(int usedHeaders, int usedData) {
        if (headerLimit != ReceiveBuffer.INFINITE) {
            headers -= usedHeaders;
        }
        if (dataLimit != ReceiveBuffer.INFINITE) {
            data -= usedData;
        }
    }

    /// `newHeaders` and `newData` are known to be free from `timePicos` on, which is no earlier than the last time.
    void giveBack(long timePicos, int newHeaders, int newData) {
        if (count == timesPicos.length) {
            grow();
        }
        int at = (first + count) & (timesPicos.length - 1);
        timesPicos[at] = timePicos;
        returnedHeaders[at] = newHeaders;
        returnedData[at] = newData;
        count++;
    }

    /// When credits come back next, or [Long#MAX_VALUE] if that is not known.
    long nextReturnPicos() {
        return count == 0 ? Long.MAX_VALUE : timesPicos[first];
    }

    /// Takes back what is known strictly before `nowPicos`.
    void learn(long nowPicos) {
        while (count > 0 && timesPicos[first] < nowPicos) {
            restore(returnedHeaders[first], returnedData[first]);
            first = (first + 1) & (timesPicos.length - 1);
            count--;
        }
    }

    /// These are known to be free now.
    void restore(int newHeaders, int newData) {
        if (headerLimit != ReceiveBuffer.INFINITE) {
            headers += newHeaders;
        }
        if (dataLimit != ReceiveBuffer.INFINITE) {
            data += newData;
        }
        assert headers <= headerLimit && data <= dataLimit : headers + " " + data;
    }

    private void grow() {
        int oldLength = timesPicos.length;
        timesPicos = Arrays.copyOf(timesPicos, 2 * oldLength);
        returnedHeaders = Arrays.copyOf(returnedHeaders, 2 * oldLength);
        returnedData = Arrays.copyOf(returnedData, 2 * oldLength);
        // The part that had wrapped around goes behind the other.
        System.arraycopy(timesPicos, 0, timesPicos, oldLength, first);
        System.arraycopy(returnedHeaders, 0, returnedHeaders, oldLength, first);
        System.arraycopy(returnedData, 0, returnedData, oldLength, first);
    }
}
