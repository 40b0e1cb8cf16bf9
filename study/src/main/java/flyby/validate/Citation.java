package flyby.validate;

/// Where a row's figure or rule stands.
///
/// @param place section, page, table or file
/// @param derived whether the figure is arithmetic on what stands there
public record Citation(Reference reference, String place, boolean derived) {
    /// One line for people.
    public String text() {
        return (derived ? "derived from " : "") + reference.title() + ", " + place;
    }
}
