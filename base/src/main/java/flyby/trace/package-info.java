/// The trace: typed records of what happened when. The trace is the log; a model has no other.
package flyby.trace;
