/// Scenarios and what comes out of them: which experiment runs on which machine with which parameters, and its
/// results.
package flyby.study;
