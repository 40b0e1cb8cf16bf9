/// The sections that ship.
package flyby.validate.sections;
