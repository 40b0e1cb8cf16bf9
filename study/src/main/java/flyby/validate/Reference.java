package flyby.validate;

/// A document that rows are taken from.
///
/// @param key short and unique, for tables: `DS8237`
/// @param title author, title, edition
/// @param address where it can be found
public record Reference(String key, String title, String address) {
    /// A row's source: `place` of this document says it in so many words.
    public Citation at(String place) {
        return new Citation(this, place, false);
    }

    /// A row's source: arithmetic on what `place` of this document says.
    public Citation derived(String place) {
        return new Citation(this, place, true);
    }
}
