/// Physical memory: 64 bits of address space, byte-accurate, and free of charge where nobody has written.
package flyby.memory;
