/// QEMU's teaching device, so that the drivers of its many tutorials have one more place to run.
package flyby.edu;
