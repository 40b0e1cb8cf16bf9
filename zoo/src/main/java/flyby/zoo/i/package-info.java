/// Group I: devices that are reset, taken away or started again.
package flyby.zoo.i;
