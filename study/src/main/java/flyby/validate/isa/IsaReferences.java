package flyby.validate.isa;

import flyby.validate.Reference;

/// What section `isa` is taken from.
final class IsaReferences {
    static final Reference DATA_SHEET = new Reference(
            "DS8237",
            "Intel 8237A data sheet, order 231466-005, September 1993",
            "cs.hmc.edu/~rhodes/cs134/readings/hardware/8237A.pdf (feature page read, the rest is from memory)");

    static final Reference MAME =
            new Reference("MAME", "MAME, src/devices/machine/am9517a.cpp", "github.com/mamedev/mame");

    static final Reference LINUX =
            new Reference("LX", "Linux, arch/x86/include/asm/dma.h", "github.com/torvalds/linux");

    static final Reference REGISTER_LIST =
            new Reference("CHIP", "Chipdir, register list 8237.txt", "embeddedlinks.com/chipdir/reg/8237.txt");

    static final Reference XT =
            new Reference("XT", "IBM PC/XT Technical Reference, DMA page", "easymanua.ls/ibm/xt-5160/manual?p=35");

    static final Reference AT = new Reference("AT", "IBM PC/AT Technical Reference (6139362)", "from memory");

    static final Reference VECTRA =
            new Reference("VEC", "HP Vectra Technical Reference, page 23", "easymanua.ls/hp/vectra/manual?p=40");

    static final Reference AMPRO = new Reference(
            "AMP",
            "Ampro ReadyBoard 700 manual, pages 4-9 and 4-10",
            "printed by its maker for an AT-compatible board");

    static final Reference FORUM =
            new Reference("VCF", "Vintage Computer Federation forum, thread 57260", "forum.vcfed.org");

    static final Reference LITOS =
            new Reference("LITOS", "LITOS, DMA.TXT, and the modulos pages", "what each channel is for in a PC");

    static final Reference FLOPPY = new Reference("FDC", "NEC uPD765 and Intel 82077AA data sheets", "from memory");

    static final Reference NORTON = new Reference("NG", "Norton Guide to the 8237A", "as distributed on the web");

    private IsaReferences() {}
}
