/// The classic shared bus: one set of wires, a CPU that owns them, and masters that ask for them with HOLD.
package flyby.classic;
