/// A write-back cache that holds data, so that a stale line holds really stale bytes.
package flyby.cache;
