/// A device of the shelf, served: with its settings, its file, faults, a recording, a checker.
package flyby.live;
