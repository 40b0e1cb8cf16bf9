/// What a driver knows of the network card.
package flyby.attacker.layout;
