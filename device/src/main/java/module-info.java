/// Device models. Each sees its [flyby.bus.DeviceHost] and nothing else of the world; drivers see its layout and
/// nothing else of the device.
@org.jspecify.annotations.NullMarked
module flyby.device {
    requires static transitive org.jspecify;
    requires transitive flyby.bus;

    exports flyby.aperture;
    exports flyby.aperture.layout;
    exports flyby.attacker;
    exports flyby.attacker.layout;
    exports flyby.copy;
    exports flyby.copy.layout;
    exports flyby.dmac;
    exports flyby.dmac.layout;
    exports flyby.edu;
    exports flyby.edu.layout;
    exports flyby.floppy;
    exports flyby.floppy.layout;
    exports flyby.i8237;
    exports flyby.i8237.layout;
    exports flyby.ioat;
    exports flyby.ioat.layout;
    exports flyby.isa;
    exports flyby.isa.layout;
    exports flyby.plx;
    exports flyby.plx.layout;
    exports flyby.nvme;
    exports flyby.nvme.layout;
    exports flyby.ring;
    exports flyby.ring.layout;
    exports flyby.sgdma;
    exports flyby.sgdma.layout;
    exports flyby.sound;
    exports flyby.sound.layout;
    exports flyby.stream;
    exports flyby.stream.layout;
    exports flyby.traffic;
    exports flyby.traffic.layout;
    exports flyby.transfer;
}
