/// A device that does nothing but reach memory, as fast and as often as it is told, and measures how that goes.
package flyby.traffic;
