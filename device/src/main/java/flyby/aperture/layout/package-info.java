/// What software sees of the device with memory of its own.
package flyby.aperture.layout;
