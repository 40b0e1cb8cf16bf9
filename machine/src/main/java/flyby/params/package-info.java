/// Typed parameters: what may be set, to what, in which unit, by whom it was set, and why anybody should believe
/// it.
package flyby.params;
