/// Group E of the catalogue: how long mappings live.
package flyby.zoo.e;
