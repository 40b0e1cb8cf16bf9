/// Alignment: memory that belongs together for the hardware, and not for the driver.
package flyby.zoo.g;
