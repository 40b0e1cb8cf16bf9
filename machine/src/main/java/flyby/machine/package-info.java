/// Machines wired from hosts, devices and drivers.
package flyby.machine;
