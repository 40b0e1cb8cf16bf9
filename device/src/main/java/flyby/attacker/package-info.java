/// A network card that does what its driver asks, and on the side reads and writes what it can reach.
package flyby.attacker;
