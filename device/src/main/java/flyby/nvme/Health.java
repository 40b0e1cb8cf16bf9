package flyby.nvme;

/// Temperature and its thresholds: sections 5.14.1.2 and 5.21.1.4. A model gets neither warm nor cold.
final class Health {
    /// In kelvins: 40 degrees Celsius.
    static final int TEMPERATURE = 313;
    /// When the controller warns: 80 degrees Celsius.
    static final int WARNING = 353;
    /// When it is critical: 85 degrees Celsius.
    static final int CRITICAL = 358;
    /// Critical Warning: the temperature is beyond a threshold.
    static final int TEMPERATURE_WARNING = 1 << 1;

    private final Events events;
    private int over = WARNING;
    private int under;

    Health(Events events) {
        this.events = events;
    }

    void reset() {
        over = WARNING;
        under = 0;
    }

    int threshold(boolean isUnder, boolean isCurrent) {
        if (isUnder) {
            return isCurrent ? under : 0;
        }
        return isCurrent ? over : WARNING;
    }

    void threshold(boolean isUnder, int kelvins) {
        if (isUnder) {
            under = kelvins;
        } else {
            over = kelvins;
        }
        if (criticalWarning() != 0) {
            events.happened(Events.SMART, Events.SMART_TEMPERATURE, Events.LOG_SMART);
        }
    }

    int criticalWarning() {
        return TEMPERATURE >= over || TEMPERATURE <= under ? TEMPERATURE_WARNING : 0;
    }
}
