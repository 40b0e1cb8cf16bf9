/// Benchmarks: JMH for parts, plain programs where a peer in another language is compared run by run.
@org.jspecify.annotations.NullMarked
package flyby.bench;
