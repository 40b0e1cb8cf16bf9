package flyby.cpu;

import flyby.base.Check;

/// What instructions cost beyond their bus cycles, in clocks of the bus.
///
/// @param instructionClocks inside the CPU, for each single load, store or register access
/// @param stringClocks inside the CPU, for each element of a block move
/// @param cacheHitClocks a load or store that hits the cache, all in all
/// @param maintenanceClocks inside the CPU, for each line of a cache maintenance loop
/// @param interruptBusCycles from taking an interrupt to the handler's first instruction: acknowledge, vector,
/// stack
/// @param interruptClocks inside the CPU, from taking an interrupt to the handler's first instruction
/// @param returnClocks inside the CPU, from the handler's last instruction to the interrupted code
/// @param contextSwitchClocks inside the CPU, from one thread to another
public record CpuTiming(
        int instructionClocks,
        int stringClocks,
        int cacheHitClocks,
        int maintenanceClocks,
        int interruptBusCycles,
        int interruptClocks,
        int returnClocks,
        int contextSwitchClocks) {
    public CpuTiming {
        Check.that(
                instructionClocks >= 0
                        && stringClocks >= 0
                        && cacheHitClocks >= 0
                        && maintenanceClocks >= 0
                        && interruptBusCycles >= 0
                        && interruptClocks >= 0
                        && returnClocks >= 0
                        && contextSwitchClocks >= 0,
                "negative clocks");
    }
}
