package flyby.apidebug;

/// One thing that the kernel would have said, or counted.
///
/// @param device that the call was for
/// @param callSite the driver's line that made the call: `NicDriver.receive:83`
/// @param mapCallSite the line that made the mapping, or empty
/// @param timePicos simulated time
public record Complaint(
        ApiCheck check, String text, String device, String callSite, String mapCallSite, long timePicos) {
    @Override
    public String toString() {
        String mapped = mapCallSite.isEmpty() ? "" : ", mapped at " + mapCallSite;
        return "DMA-API: %s: %s (at %s%s)".formatted(device, text, callSite, mapped);
    }
}
