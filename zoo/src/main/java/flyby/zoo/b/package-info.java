/// Coherence: who looks at bytes that the other one has in his hands, or leaves in a cache.
package flyby.zoo.b;
