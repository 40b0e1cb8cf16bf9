package flyby.junit;

import flyby.topology.Card;
import flyby.trial.Bench;
import flyby.trial.Scene;
import flyby.trial.Subject;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import org.junit.platform.commons.support.ReflectionSupport;

/// A test method as a subject.
final class MethodSubject implements Subject {
    private final CheckPlan plan;
    private final Method method;
    private final List<Object> instances;
    private final Object[] arguments;

    /// @param instances of the test class and of those around it, the outermost first
    /// @param arguments of the method, with anything in the place of the bench
    MethodSubject(CheckPlan plan, Method method, List<Object> instances, Object[] arguments) {
        this.plan = plan;
        this.method = method;
        this.instances = List.copyOf(instances);
        this.arguments = arguments.clone();
    }

    @Override
    public String name() {
        return plan.name();
    }

    @Override
    public List<Card> cards(Scene scene) {
        return Cards.of(instances, plan.type(), scene);
    }

    @Override
    public void run(Bench bench) {
        Class<?>[] types = method.getParameterTypes();
        for (int i = 0; i < types.length; i++) {
            if (types[i] == Bench.class) {
                arguments[i] = bench;
            }
        }
        ReflectionSupport.invokeMethod(method, instances.getLast(), arguments);
    }

    @Override
    public Set<Hazard> hazards() {
        return plan.hazards();
    }

    @Override
    public boolean hasIsaBus() {
        return plan.hasIsaBus();
    }
}
