/// Endpoints of PCI Express: functions that give device models their [flyby.bus.DeviceHost]. A function turns
/// transactions into packets and completions into answers, has configuration space and Base Address Registers, and
/// sends interrupts as messages.
///
/// Sections are those of the PCI Express Base Specification, revision 5.0, cited from memory.
package flyby.function;
