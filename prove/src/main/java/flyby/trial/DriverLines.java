package flyby.trial;

import flyby.check.CallSite;
import java.util.List;

/// Finds the line of a driver in a stack trace.
final class DriverLines {
    /// Packages that drivers call, and that call drivers.
    private static final List<String> AROUND = List.of(
            "java.",
            "javax.",
            "jdk.",
            "sun.",
            "flyby.base.",
            "flyby.sim.",
            "flyby.choice.",
            "flyby.trace.",
            "flyby.bus.",
            "flyby.fault.",
            "flyby.record.",
            "flyby.memory.",
            "flyby.coherence.",
            "flyby.cpu.",
            "flyby.core.",
            "flyby.root.",
            "flyby.link.",
            "flyby.function.",
            "flyby.configuration.",
            "flyby.iommu.",
            "flyby.register.",
            "flyby.pcie.",
            "flyby.machine.",
            "flyby.topology.",
            "flyby.kernel.",
            "flyby.dma.",
            "flyby.dmar.",
            "flyby.pci.",
            "flyby.check.",
            "flyby.explore.",
            "flyby.apidebug.",
            "flyby.trial.");

    private DriverLines() {}

    /// The innermost line that is a driver's; [CallSite#NONE] if there is none.
    static CallSite in(StackTraceElement[] trace) {
        for (StackTraceElement element : trace) {
            if (isDriver(element.getClassName())) {
                return site(element);
            }
        }
        return CallSite.NONE;
    }

    private static boolean isDriver(String className) {
        return AROUND.stream().noneMatch(className::startsWith);
    }

    private static CallSite site(StackTraceElement element) {
        String className = element.getClassName();
        int dot = className.lastIndexOf('.');
        String type = className.substring(dot + 1).replaceAll("\\$\\d+", "").replace('$', '.');
        String file = element.getFileName() == null ? "unknown" : element.getFileName();
        String folder = dot < 0 ? "" : className.substring(0, dot + 1).replace('.', '/');
        return new CallSite(type, method(element.getMethodName()), folder + file, element.getLineNumber(), null);
    }

    /// Of the body of a lambda, the method that it stands in.
    private static String method(String name) {
        if (!name.startsWith("lambda$")) {
            return name;
        }
        int end = name.lastIndexOf('$');
        return end > "lambda$".length() ? name.substring("lambda$".length(), end) : name;
    }
}
