/// Rows that run pcie-bench ask for its figures here.
package flyby.validate.bench;
