package flyby.trial;

/// Runs subjects.
public final class Trial {
    private Trial() {}

    static String cardName(int index) {
        return "card" + index;
    }
}
