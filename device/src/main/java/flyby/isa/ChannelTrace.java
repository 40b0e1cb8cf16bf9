package flyby.isa;

import flyby.bus.MasterHost;
import flyby.trace.Trace;

/// What a DMA channel tells the trace: its row, and the phases of the transfer that it is unmasked for.
final class ChannelTrace {
    private final MasterHost host;
    private final Trace trace;
    private final int row;
    private final int transferName;
    private final int busWait;
    private final int move;
    private final int deviceWait;
    private final int interrupt;
    private boolean open;
    private boolean asks;
    private boolean moves;
    private boolean atEnd;
    private long transfer;

    ChannelTrace(MasterHost host, int number) {
        this.host = host;
        this.trace = host.trace();
        row = trace.track("dma", "channel " + number);
        transferName = trace.name("transfer");
        busWait = trace.name("bus wait");
        move = trace.name("bus transfer");
        deviceWait = trace.name("device wait");
        interrupt = trace.name("interrupt");
    }

    /// The transfer that the channel is unmasked for, or 0.
    long transfer() {
        return transfer;
    }

    /// The channel is unmasked.
    void begins(long forTransfer) {
        if (open) {
            return;
        }
        open = true;
        atEnd = false;
        transfer = forTransfer;
        if (trace.isOn()) {
            trace.begin(host.nowPicos(), row, transferName, transfer, 0);
        }
        phase();
    }

    /// The channel is masked.
    void ends() {
        if (open) {
            open = false;
            if (trace.isOn()) {
                trace.end(host.nowPicos(), row);
            }
            transfer = 0;
        }
    }

    void request(boolean asserted) {
        asks = asserted;
        if (!moves) {
            phase();
        }
    }

    void acknowledge(boolean asserted) {
        moves = asserted;
        if (!asserted && atEnd) {
            if (trace.isOn()) {
                trace.instant(host.nowPicos(), row, interrupt, transfer, 0);
            }
            phase(interrupt);
            ends();
        } else {
            phase();
        }
    }

    /// @param goesOn whether the channel autoinitializes
    void terminalCount(boolean goesOn) {
        atEnd = !goesOn;
    }

    private void phase() {
        phase(moves ? move : asks ? busWait : deviceWait);
    }

    private void phase(int phase) {
        if (open && transfer != 0 && trace.isOn()) {
            trace.phase(host.nowPicos(), transfer, phase);
        }
    }
}
