/// The 8237A's registers, as software sees them.
package flyby.i8237.layout;
