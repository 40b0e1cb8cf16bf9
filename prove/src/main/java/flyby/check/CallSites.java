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
    private static final int DEPTH_MAX = 5;

    private static final StackWalker WALKER = StackWalker.getInstance();

    /// A line, as the machine names it, with those that it has called.
    private static final class Line {
        final String className;
        final String methodName;
        final int number;
        final CallSite site;
        final List<Line> called = new ArrayList<>(2);

        Line(String className, String methodName, int number, CallSite site) {
            this.className = className;
            this.methodName = methodName;
            this.number = number;
            this.site = site;
        }
    }

    /// The lines that were seen so far: a tree from callers to what they call.
    private final Line root = new Line("", "", 0, CallSite.NONE);

    private final StackFrame[] frames = new StackFrame[DEPTH_MAX];

    private final boolean isOn;

    /// @param isOn whether it looks at all
    public CallSites(boolean isOn) {
        this.isOn = isOn;
    }

    /// Whether it looks at all.
    boolean isOn() {
        return isOn;
    }

    /// Where the driver is now; [CallSite#NONE] if no driver is on the stack.
    public CallSite here() {
        if (!isOn) {
            return CallSite.NONE;
        }
        int count = WALKER.walk(this::take);
        Line line = root;
        for (int i = count - 1; i >= 0; i--) {
            line = called(line, frames[i]);
        }
        return line.site;
    }

    private int take(Stream<StackFrame> stack) {
        int count = 0;
        Iterator<StackFrame> each = stack.iterator();
        while (each.hasNext() && count < DEPTH_MAX) {
            StackFrame frame = each.next();
            String name = frame.getClassName();
            if (isDriver(name)) {
                frames[count++] = frame;
            } else if (count > 0 && startsWith(name, RUNNERS)) {
                break;
            }
        }
        return count;
    }

    private static Line called(Line caller, StackFrame frame) {
        int number = frame.getLineNumber();
        String className = frame.getClassName();
        String methodName = frame.getMethodName();
        for (int i = 0; i < caller.called.size(); i++) {
            Line line = caller.called.get(i);
            if (line.number == number && line.className.equals(className) && line.methodName.equals(methodName)) {
                return line;
            }
        }
        CallSite plain = site(className, methodName, number);
        @Nullable CallSite above = caller.site.isKnown() ? caller.site : null;
        CallSite site = new CallSite(plain.type(), plain.method(), plain.file(), plain.line(), above);
        Line made = new Line(className, methodName, number, site);
        caller.called.add(made);
        return made;
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
        return !isAround(className) || isOfTest(className);
    }

    private static boolean isAround(String className) {
        boolean mayBe = className.startsWith("flyby.")
                || className.startsWith("j")
                || className.startsWith("org.")
                || className.startsWith("sun.");
        return mayBe && startsWith(className, NOT_DRIVERS);
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
