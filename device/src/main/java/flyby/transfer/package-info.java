/// What devices are built from that copy memory.
package flyby.transfer;
