/// Group D: rings of descriptors, and who owns which.
package flyby.zoo.d;
