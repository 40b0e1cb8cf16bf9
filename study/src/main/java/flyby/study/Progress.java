package flyby.study;

/// Is told how far a run has come. Called often: it decides itself how seldom it shows anything.
@FunctionalInterface
public interface Progress {
    /// `doneBytes` of `totalBytes` are through.
    void at(long doneBytes, long totalBytes);

    /// Tells nobody.
    static Progress silent() {
        return (_, _) -> {};
    }
}
