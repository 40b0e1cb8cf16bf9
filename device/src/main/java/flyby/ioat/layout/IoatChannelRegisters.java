package flyby.ioat.layout;

import static flyby.register.BitField.bit;
import static flyby.register.BitField.bits;
import static flyby.register.RegisterMap.Access.READ_ONLY;
import static flyby.register.RegisterMap.Access.READ_WRITE;

import flyby.register.BitField;
import flyby.register.RegisterMap;

/// The registers of one channel of Intel's I/OAT DMA engine: those of channel `c` begin at [#at]. Intel, Xeon Processor
/// E7 v2 Product Family Datasheet, volume two, section 14.5.12 and those behind it; where that leaves a question, as
/// Linux's drivers/dma/ioat/registers.h and dma.c need it.
///
/// Software puts the address of a first descriptor ([IoatDescriptor]) into CHAINADDR and then counts in DMACOUNT how
/// many it has given since; the channel follows the chain so far and no farther. It writes CHANSTS to the address in
/// CHANCMP where descriptors ask for it.
public final class IoatChannelRegisters {
    /// Bytes of one channel's registers.
    public static final int CHANNEL_BYTES = 0x80;

    /// What happens upon completions and errors.
    public static final int CONTROL = 0x00;
    /// Which versions of the interface the channel has.
    public static final int COMPATIBILITY = 0x02;
    /// Commands.
    public static final int COMMAND = 0x04;
    /// How many descriptors were given since CHAINADDR was written, modulo 2^16.
    public static final int COUNT = 0x06;
    /// Which descriptor was completed last, and how the channel is.
    public static final int STATUS = 0x08;
    /// Where the first descriptor of a new chain is. It counts from the next write to COUNT on that finds the channel
    /// not active.
    public static final int CHAIN_ADDRESS = 0x10;
    /// Where completions are written: 8 bytes, the value of STATUS.
    public static final int COMPLETION_ADDRESS = 0x18;
    /// Which descriptor is at work, or was last.
    public static final int CURRENT = 0x20;
    /// What went wrong. Written 1 to clear; while one is left, the channel does not start.
    public static final int ERROR = 0x28;
    /// Which errors do not interrupt.
    public static final int ERROR_MASK = 0x2c;
    /// Direct Cache Access; without effect here.
    public static final int DCA_CONTROL = 0x30;

    /// An interrupt was sent, and no other will be. Written 1 to clear, which lets the next one through, at once if it
    /// is due.
    public static final BitField CONTROL_INTERRUPT_DISABLE = bit("INTP_DIS", 0);
    /// An error is written as a completion.
    public static final BitField CONTROL_ERROR_COMPLETION = bit("ERR_COMPLETION_EN", 2);
    /// All errors halt the channel. Here they do in any case.
    public static final BitField CONTROL_ANY_ERROR_ABORT = bit("ANY_ERR_ABORT_EN", 3);
    /// An error interrupts.
    public static final BitField CONTROL_ERROR_INTERRUPT = bit("ERR_INT_EN", 4);
    /// Descriptors are not snooped. Here they are in any case.
    public static final BitField CONTROL_SNOOP = bit("DESC_ADDR_SNP_CTRL", 5);
    /// Reads as 0 once after it was cleared, and then as 1.
    public static final BitField CONTROL_IN_USE = bit("IN_USE", 8);
    /// Completions are written into a cache; without effect here.
    public static final BitField CONTROL_COMPLETION_DCA = bit("CMPWR_DCA_ENABLE", 9);

    /// What COMPATIBILITY reads as: version 2, as registers.h has it.
    public static final int COMPATIBILITY_VALUE = 0x2;

    /// Finishes the descriptor at hand, and goes on with the next write to COUNT.
    public static final BitField COMMAND_SUSPEND = bit("SUSPEND_DMA", 2);
    /// Gives up all, and puts the channel's registers into the state after power-on. Reads as 1 until then.
    public static final BitField COMMAND_RESET = bit("RESET_DMA", 5);

    /// Bits 63:6 of the address of the descriptor that was completed last; 0 in a new chain.
    public static final BitField STATUS_COMPLETED = bits("COMPLETED_DESCRIPTOR", 63, 6);
    /// One of the states below.
    public static final BitField STATUS_STATE = bits("DMA_TRANS_STATE", 2, 0);

    /// It works on descriptors.
    public static final int STATE_ACTIVE = 0;
    /// All that were given are done.
    public static final int STATE_DONE = 1;
    /// As COMMAND asked.
    public static final int STATE_SUSPENDED = 2;
    /// By an error, or never started.
    public static final int STATE_HALTED = 3;

    /// A next descriptor cannot be read.
    public static final BitField ERROR_NEXT_ADDRESS = bit("NEXT_ADDR_ERR", 2);
    /// A descriptor does not stand at a multiple of 64.
    public static final BitField ERROR_ALIGNMENT = bit("NEXT_DESC_ALIGN_ERR", 3);
    /// CHAINADDR leads nowhere.
    public static final BitField ERROR_CHAIN_ADDRESS = bit("CHAIN_ADDR_VALUE_ERR", 4);
    /// Poisoned bytes were read.
    public static final BitField ERROR_INTEGRITY = bit("CHIPSET_UNCORRECTABLE_ERR", 6);
    /// A read of the source failed.
    public static final BitField ERROR_READ = bit("READ_DATA_ERR", 8);
    /// A write to the destination failed.
    public static final BitField ERROR_WRITE = bit("WRITE_DATA_ERR", 9);
    /// A descriptor asks for something else than a copy.
    public static final BitField ERROR_CONTROL = bit("CONTROL_ERR", 10);
    /// A descriptor asks for nothing, or for more than XFERCAP.
    public static final BitField ERROR_LENGTH = bit("LENGTH_ERR", 11);
    /// A completion cannot be written.
    public static final BitField ERROR_COMPLETION_ADDRESS = bit("COMPLETION_ADDR_ERR", 12);

    /// The table of one channel.
    public static final RegisterMap MAP = RegisterMap.titled("I/OAT channel")
            .register(
                    CONTROL,
                    2,
                    READ_WRITE,
                    "CHANCTRL",
                    CONTROL_INTERRUPT_DISABLE,
                    CONTROL_ERROR_COMPLETION,
                    CONTROL_ANY_ERROR_ABORT,
                    CONTROL_ERROR_INTERRUPT,
                    CONTROL_SNOOP,
                    CONTROL_IN_USE,
                    CONTROL_COMPLETION_DCA)
            .register(COMPATIBILITY, 2, READ_ONLY, "DMA_COMP")
            .register(COMMAND, 1, READ_WRITE, "CHANCMD", COMMAND_SUSPEND, COMMAND_RESET)
            .register(COUNT, 2, READ_WRITE, "DMACOUNT")
            .register(STATUS, 8, READ_ONLY, "CHANSTS", STATUS_STATE, STATUS_COMPLETED)
            .register(CHAIN_ADDRESS, 8, READ_WRITE, "CHAINADDR")
            .register(COMPLETION_ADDRESS, 8, READ_WRITE, "CHANCMP")
            .register(CURRENT, 8, READ_ONLY, "CDAR")
            .register(
                    ERROR,
                    4,
                    READ_WRITE,
                    "CHANERR",
                    ERROR_NEXT_ADDRESS,
                    ERROR_ALIGNMENT,
                    ERROR_CHAIN_ADDRESS,
                    ERROR_INTEGRITY,
                    ERROR_READ,
                    ERROR_WRITE,
                    ERROR_CONTROL,
                    ERROR_LENGTH,
                    ERROR_COMPLETION_ADDRESS)
            .register(ERROR_MASK, 4, READ_WRITE, "CHANERRMSK")
            .register(DCA_CONTROL, 4, READ_WRITE, "DCACTRL")
            .build();

    private IoatChannelRegisters() {}

    /// Where `register` of `channel` is in region 0.
    public static int at(int channel, int register) {
        return (channel + 1) * CHANNEL_BYTES + register;
    }
}
