package flyby.junit;

import flyby.explore.Explorer;
import flyby.explore.Explorer.Limits;
import flyby.explore.Explorer.Result;
import flyby.explore.Schedule;
import flyby.trial.Bench;
import flyby.trial.HostileMachine;
import flyby.trial.Subject;
import flyby.trial.Trial;
import flyby.trial.Verdict;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.platform.commons.support.ReflectionSupport;

/// The test of one machine: all its runs.
final class MachineTest implements TestTemplateInvocationContext {
    /// So many runs may go into making a failing schedule small.
    private static final int SHRINK_RUNS = 200;

    private final CheckPlan plan;
    private final HostileMachine machine;

    MachineTest(CheckPlan plan, HostileMachine machine) {
        this.plan = plan;
        this.machine = machine;
    }

    @Override
    public String getDisplayName(int index) {
        return machine.name();
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
        return List.of(new Benches(), new Runs());
    }

    /// Has JUnit accept a parameter that there is nothing for yet: each run has a bench of its own.
    private static final class Benches implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Bench.class;
        }

        @Override
        public @Nullable Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return null;
        }
    }

    /// Runs the method as often as it is to be run, and not at all where JUnit would.
    private final class Runs implements InvocationInterceptor {
        @Override
        public void interceptTestTemplateMethod(
                Invocation<@Nullable Void> invocation,
                ReflectiveInvocationContext<Method> called,
                ExtensionContext context)
                throws Throwable {
            Class<? extends Subject> type = plan.subject();
            if (type == null) {
                invocation.skip();
                check(() -> new MethodSubject(
                        plan,
                        called.getExecutable(),
                        instances(context),
                        called.getArguments().toArray()));
            } else {
                check(() -> ReflectionSupport.newInstance(type));
                invocation.proceed();
            }
        }
    }

    /// A test object of a run's own, behind those around it.
    private static List<Object> instances(ExtensionContext context) {
        List<Object> around = new ArrayList<>(context.getRequiredTestInstances().getEnclosingInstances());
        if (context.getTestInstanceLifecycle().orElse(Lifecycle.PER_METHOD) == Lifecycle.PER_CLASS) {
            around.add(context.getRequiredTestInstance());
            return around;
        }
        Class<?> type = context.getRequiredTestClass();
        Constructor<?> constructor = type.getDeclaredConstructors()[0];
        boolean isInner = type.isMemberClass() && !Modifier.isStatic(type.getModifiers());
        around.add(
                isInner
                        ? context.getExecutableInvoker().invoke(constructor, around.getLast())
                        : context.getExecutableInvoker().invoke(constructor));
        return around;
    }

    private void check(Supplier<Subject> subjects) {
        CheckReport report = new CheckReport(plan, machine);
        String only = plan.schedule();
        if (only != null) {
            report.replayed(run(subjects, Schedule.of(only)), only);
            return;
        }
        boolean findsAll = !plan.expected().isEmpty();
        Result result = Explorer.explore(
                new Limits(plan.strategy(), plan.firstSeed(), plan.seeds(), findsAll, findsAll ? 0 : SHRINK_RUNS),
                schedule -> run(subjects, schedule).findings());
        if (findsAll) {
            report.expected(result);
        } else if (!result.failures().isEmpty()) {
            Explorer.Failure failure = result.failures().getFirst();
            report.failed(result, run(subjects, Schedule.of(failure.schedule())));
        }
    }

    private Verdict run(Supplier<Subject> subjects, Schedule schedule) {
        return Trial.look(subjects, machine, schedule, plan.options());
    }
}
