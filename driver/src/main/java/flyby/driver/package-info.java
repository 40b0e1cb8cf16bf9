/// Small drivers for Flyby's devices, in the shape that Linux drivers have.
package flyby.driver;
