package flyby.sim;

import flyby.base.Check;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.Consumer;

/// A coroutine on the JDK's own one-shot continuations, of which virtual threads are made.
///
/// They are not public API, so they are reached by method handles, and only if the launcher allows it with
/// `--add-exports java.base/jdk.internal.vm=flyby.base`. An abandoned body is garbage like any other object.
final class ContinuationCoroutine extends CoroutineEvent {
    private static final MethodType CREATE_TYPE = MethodType.methodType(Object.class, Runnable.class);
    private static final MethodType RUN_TYPE = MethodType.methodType(void.class, Object.class);
    private static final MethodType YIELD_TYPE = MethodType.methodType(boolean.class);

    // Constants of the class, because the JIT compiler sees through a method handle only if it is one.
    private static final boolean AVAILABLE;
    private static final MethodHandle CREATE;
    private static final MethodHandle RUN;
    private static final MethodHandle YIELD;

    static {
        boolean available = false;
        MethodHandle create = MethodHandles.empty(CREATE_TYPE);
        MethodHandle run = MethodHandles.empty(RUN_TYPE);
        MethodHandle yield = MethodHandles.empty(YIELD_TYPE);
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            Class<?> type = Class.forName("jdk.internal.vm.Continuation");
            Class<?> scopeType = Class.forName("jdk.internal.vm.ContinuationScope");
            Object scope = lookup.findConstructor(scopeType, MethodType.methodType(void.class, String.class))
                    .invoke("flyby");
            create = lookup.findConstructor(type, MethodType.methodType(void.class, scopeType, Runnable.class))
                    .bindTo(scope)
                    .asType(CREATE_TYPE);
            run = lookup.findVirtual(type, "run", MethodType.methodType(void.class))
                    .asType(RUN_TYPE);
            yield = lookup.findStatic(type, "yield", MethodType.methodType(boolean.class, scopeType))
                    .bindTo(scope)
                    .asType(YIELD_TYPE);
            available = true;
        } catch (Throwable refused) {
            // The launcher does not export the package, or this JDK has no such class: threads do it then.
            available = false;
        }
        AVAILABLE = available;
        CREATE = create;
        RUN = run;
        YIELD = yield;
    }

    private final Object continuation;

    ContinuationCoroutine(Simulation simulation, String name, Consumer<Coroutine> body) {
        super(simulation, name, body);
        try {
            continuation = (Object) CREATE.invokeExact((Runnable) this::runBody);
        } catch (Throwable thrown) {
            throw new AssertionError(thrown);
        }
    }

    /// Whether the launcher's flags let us use continuations.
    static boolean isAvailable() {
        return AVAILABLE;
    }

    @Override
    void enter() {
        try {
            RUN.invokeExact(continuation);
        } catch (Throwable thrown) {
            // What the body throws does not come this way.
            throw new AssertionError(thrown);
        }
    }

    @Override
    void leave() {
        boolean resumed;
        try {
            resumed = (boolean) YIELD.invokeExact();
        } catch (Throwable thrown) {
            throw new AssertionError(thrown);
        }
        if (!resumed) {
            throw Check.bug("%s cannot be suspended here", this);
        }
    }
}
