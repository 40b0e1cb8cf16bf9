/// What the operating system does for this module and Java's library does not: sockets that pass file descriptors,
/// memory that is shared by descriptor, eventfds.
package flyby.posix;
