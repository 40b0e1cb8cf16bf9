/// The traffic generator as its driver sees it.
package flyby.traffic.layout;
