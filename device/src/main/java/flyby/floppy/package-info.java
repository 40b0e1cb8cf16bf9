/// A floppy-disk controller of the µPD765 family with one drive, as IBM's PC has it on DMA channel 2.
package flyby.floppy;
