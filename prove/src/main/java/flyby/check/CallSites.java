package flyby.check;

import java.lang.StackWalker.StackFrame;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Finds the line of the driver that is being executed.
public final class CallSites {
    /// What is no driver: the CPU, the kernel, the checker and what runs them.
    private static final List<String> NOT_DRIVERS = List.of(
            "flyby.apidebug.",
            "flyby.base.",
            "flyby.bus.",
            "flyby.check.",
            "flyby.choice.",
            "flyby.coherence.",
            "flyby.configuration.",
            "flyby.core.",
            "flyby.cpu.",
            "flyby.dma.",
            "flyby.dmar.",
            "flyby.explore.",
            "flyby.fault.",
            "flyby.function.",
            "flyby.iommu.",
            "flyby.junit.",
            "flyby.kernel.",
            "flyby.link.",
            "flyby.machine.",
            "flyby.memory.",
            "flyby.pci.",
            "flyby.pcie.",
            "flyby.record.",
            "flyby.register.",
            "flyby.root.",
            "flyby.sim.",
            "flyby.topology.",
            "flyby.trace.",
            "flyby.trial.",
            "java.",
            "javax.",
            "jdk.",
            "org.assertj.",
            "org.junit.",
            "sun.");

    /// Whose frames end a driver's: what runs it.
    private static final List<String> RUNNERS = List.of("flyby.trial.", "flyby.sim.");

    /// So many lines of a driver are kept.
    private static final int DEPTH_MAX = 6;

    private static final StackWalker WALKER = StackWalker.getInstance();

    private CallSites() {}

    /// Where the driver is now; [CallSite#NONE] if no driver is on the stack.
    public static CallSite here() {
        return WALKER.walk(CallSites::first);
    }

    /// Where the driver is in a stack trace; [CallSite#NONE] if it is not there.
    public static CallSite in(StackTraceElement[] trace) {
        List<CallSite> sites = new ArrayList<>();
        for (StackTraceElement element : trace) {
            if (sites.size() < DEPTH_MAX && isDriver(element.getClassName())) {
                sites.add(site(element.getClassName(), element.getMethodName(), element.getLineNumber()));
            }
        }
        return linked(sites);
    }

    private static CallSite first(Stream<StackFrame> frames) {
        List<CallSite> sites = new ArrayList<>(DEPTH_MAX);
        Iterator<StackFrame> each = frames.iterator();
        while (each.hasNext() && sites.size() < DEPTH_MAX) {
            StackFrame frame = each.next();
            String name = frame.getClassName();
            if (isDriver(name)) {
                sites.add(site(name, frame.getMethodName(), frame.getLineNumber()));
            } else if (!sites.isEmpty() && startsWith(name, RUNNERS)) {
                break;
            }
        }
        return linked(sites);
    }

    private static CallSite linked(List<CallSite> sites) {
        @Nullable CallSite caller = null;
        for (int i = sites.size() - 1; i >= 0; i--) {
            CallSite each = sites.get(i);
            caller = new CallSite(each.type(), each.method(), each.file(), each.line(), caller);
        }
        return caller == null ? CallSite.NONE : caller;
    }

    private static CallSite site(String className, String methodName, int line) {
        int packageEnd = className.lastIndexOf('.');
        String type = className.substring(packageEnd + 1);
        int nested = type.indexOf('$');
        String outer = nested < 0 ? type : type.substring(0, nested);
        String folder = packageEnd < 0 ? "" : className.substring(0, packageEnd).replace('.', '/') + "/";
        return new CallSite(
                type.replaceAll("\\$\\d+", "").replace('$', '.'),
                plain(methodName),
                folder + outer + ".java",
                line,
                null);
    }

    /// `lambda$probe$0` is of `probe`.
    private static String plain(String methodName) {
        if (!methodName.startsWith("lambda$")) {
            return methodName;
        }
        String rest = methodName.substring("lambda$".length());
        int end = rest.indexOf('$');
        return end < 0 ? rest : rest.substring(0, end);
    }

    private static boolean isDriver(String className) {
        return !startsWith(className, NOT_DRIVERS) || isOfTest(className);
    }

    /// The tests of what is no driver have drivers in them.
    private static boolean isOfTest(String className) {
        return className.endsWith("Test") || className.contains("Test$");
    }

    private static boolean startsWith(String className, List<String> prefixes) {
        for (int i = 0; i < prefixes.size(); i++) {
            if (className.startsWith(prefixes.get(i))) {
                return true;
            }
        }
        return false;
    }
}
