/// Group H: devices that are not to be trusted.
package flyby.zoo.h;
