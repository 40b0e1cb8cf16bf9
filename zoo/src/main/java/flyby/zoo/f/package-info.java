/// Group F of the catalogue: sizes, directions and addresses.
package flyby.zoo.f;
