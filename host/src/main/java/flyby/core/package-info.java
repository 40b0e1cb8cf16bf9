/// A core of a server or board: it runs driver code over its caches and over the root complex, and takes interrupts
/// by vector.
///
/// Sections are those of the Intel 64 and IA-32 Architectures Software Developer's Manual (SDM), cited from memory.
package flyby.core;
