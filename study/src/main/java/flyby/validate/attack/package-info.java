/// Section `attack`: what malicious devices have been published to read and change, and what stands against them.
package flyby.validate.attack;
