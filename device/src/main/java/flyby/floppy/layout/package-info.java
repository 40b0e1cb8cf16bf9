/// The floppy-disk controller's registers and commands, as software sees them.
package flyby.floppy.layout;
