package flyby.nvme;

import flyby.nvme.layout.NvmeStatus;

/// What SMART / Health Information counts: section 5.14.1.2. The figures are of this controller's life, which ends with
/// the program.
final class Statistics {
    long bytesRead;
    long bytesWritten;
    long reads;
    long writes;
    long mediaErrors;

    void read(int byteCount) {
        reads++;
        bytesRead += byteCount;
    }

    void written(int byteCount) {
        writes++;
        bytesWritten += byteCount;
    }

    /// A command ended with `status`.
    void ended(int status) {
        int code = status & NvmeStatus.CODE_MASK;
        if (code == NvmeStatus.WRITE_FAULT || code == NvmeStatus.UNRECOVERED_READ_ERROR) {
            mediaErrors++;
        }
    }
}
