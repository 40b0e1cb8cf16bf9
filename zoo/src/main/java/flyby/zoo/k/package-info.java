/// Group K of the catalogue: what happens when something fails.
package flyby.zoo.k;
