/// The messages of vfio-user: *vfio-user Protocol Specification*, QEMU `docs/interop/vfio-user.rst`, version 0.9.2.
/// All numbers are little-endian.
package flyby.vfio.layout;
