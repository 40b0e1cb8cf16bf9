/// Drivers that look wrong and are right.
package flyby.zoo.lookalikes;
