/// Benchmarks: JMH for parts, plain programs where a peer in another language is compared run by run.
package flyby.bench;
