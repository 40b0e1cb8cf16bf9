/// Group A of the catalogue: misuse of the API.
package flyby.zoo.a;
