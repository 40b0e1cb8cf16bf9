package flyby.kernel;

import java.lang.StackWalker.StackFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// What the kernel says while a driver runs: `printk` and `WARN`. Warnings name the line of the driver that caused
/// them, as the top of a kernel's call trace does.
public final class KernelLog {
    /// One line of it.
    ///
    /// @param timePicos simulated time
    /// @param isWarning whether something is wrong with the driver or what it was given
    /// @param callSite `DmaStreamDriver.receive:83`, or empty
    public record Line(long timePicos, boolean isWarning, String text, String callSite) {}

    /// The packages that warn, and so are not what is warned of.
    private static final List<String> WARNERS = List.of("flyby.kernel.", "flyby.dma.", "flyby.dmar.");

    private final List<Line> lines = new ArrayList<>();

    public KernelLog() {}

    /// Something worth knowing. `dev_info`.
    @SuppressWarnings("AnnotateFormatMethod") // Callers put names before their formats.
    public void info(long timePicos, String format, Object... arguments) {
        lines.add(new Line(timePicos, false, String.format(Locale.ROOT, format, arguments), ""));
    }

    /// Something is wrong. `WARN`, `dev_warn`.
    @SuppressWarnings("AnnotateFormatMethod") // Callers put names before their formats.
    public void warn(long timePicos, String format, Object... arguments) {
        lines.add(new Line(timePicos, true, String.format(Locale.ROOT, format, arguments), callSite()));
    }

    /// All that was said, in its order.
    public List<Line> lines() {
        return List.copyOf(lines);
    }

    /// The texts of all warnings, in their order.
    public List<String> warnings() {
        return lines.stream().filter(Line::isWarning).map(Line::text).toList();
    }

    /// Where the driver called what warns: the nearest caller outside the kernel.
    public static String callSite() {
        return StackWalker.getInstance().walk(frames -> line(frames.dropWhile(KernelLog::isOfKernel)));
    }

    /// The same for whoever is told by the kernel what the driver calls, and asks for the line within that.
    public static String observedCallSite() {
        return StackWalker.getInstance()
                .walk(frames -> line(frames.dropWhile(KernelLog::isOfKernel)
                        .dropWhile(frame -> !isOfKernel(frame))
                        .dropWhile(frame -> isOfKernel(frame) || isOfLibrary(frame))));
    }

    private static boolean isOfKernel(StackFrame frame) {
        return WARNERS.stream().anyMatch(frame.getClassName()::startsWith);
    }

    private static boolean isOfLibrary(StackFrame frame) {
        return frame.getClassName().startsWith("java.");
    }

    private static String line(Stream<StackFrame> frames) {
        return frames.findFirst()
                .map(frame -> "%s.%s:%d"
                        .formatted(
                                frame.getClassName()
                                        .substring(frame.getClassName().lastIndexOf('.') + 1),
                                frame.getMethodName(),
                                frame.getLineNumber()))
                .orElse("");
    }
}
