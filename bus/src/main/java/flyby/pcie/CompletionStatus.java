package flyby.pcie;

/// What a completer says of a request: section 2.2.9.
public enum CompletionStatus {
    SUCCESSFUL(0b000),
    UNSUPPORTED_REQUEST(0b001),
    CONFIGURATION_RETRY(0b010),
    COMPLETER_ABORT(0b100);

    private final int code;

    CompletionStatus(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    /// Reserved codes mean Unsupported Request.
    static CompletionStatus of(int code) {
        for (CompletionStatus status : values()) {
            if (status.code == code) {
                return status;
            }
        }
        return UNSUPPORTED_REQUEST;
    }
}
