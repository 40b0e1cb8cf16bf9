/// Showing results: table, JSON, HTML report, Perfetto trace, VCD.
package flyby.report;
