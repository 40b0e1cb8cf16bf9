package flyby.junit;

import flyby.base.LabException;
import flyby.check.Rule;
import flyby.explore.Explorer.Strategy;
import flyby.explore.Schedule;
import flyby.params.Quote;
import flyby.sim.Time;
import flyby.trial.Bench;
import flyby.trial.HostileMachine;
import flyby.trial.HostileMachines;
import flyby.trial.Subject;
import flyby.trial.Subject.Hazard;
import flyby.trial.TrialOptions;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/// What is to be run: what an annotation says, as far as no parameter of JUnit says otherwise.
///
/// @param name of the test as Maven selects it: `UpcaseTest#convertsText`
/// @param type the test class
/// @param seeds how many runs there are on each machine
/// @param schedule of the only run; null if schedules are explored
/// @param expected the rules that are to be broken
/// @param subject what is run in place of the method; null if the method is
record CheckPlan(
        String name,
        Class<?> type,
        List<HostileMachine> machines,
        int seeds,
        long firstSeed,
        Strategy strategy,
        @Nullable String schedule,
        TrialOptions options,
        Set<Hazard> hazards,
        boolean hasIsaBus,
        Set<Rule> expected,
        @Nullable Class<? extends Subject> subject) {

    /// The plan of the method that `context` has.
    ///
    /// @throws LabException if the annotation, the parameters or the class cannot be used
    static CheckPlan of(ExtensionContext context) {
        Method method = context.getRequiredTestMethod();
        Class<?> type = context.getRequiredTestClass();
        DmaCheck check =
                AnnotationSupport.findAnnotation(method, DmaCheck.class).orElseThrow();
        String name = type.getName()
                        .substring(
                                type.getPackageName().isEmpty()
                                        ? 0
                                        : type.getPackageName().length() + 1) + "#" + method.getName();
        String machines = parameter(context, "flyby.machine", "");
        String schedule = parameter(context, "flyby.schedule", "");
        if (!schedule.isEmpty()) {
            // It is to be refused before anything is run.
            Schedule.of(schedule);
        }
        Class<? extends Subject> subject = check.subject() == Subject.class ? null : check.subject();
        expectShape(method, name, subject);
        if (subject == null) {
            Cards.expectOne(type);
        }
        return new CheckPlan(
                name,
                type,
                named(machines.isEmpty() ? List.of(check.machines()) : List.of(machines.split(",", -1))),
                (int) number(context, name, "seeds", check.seeds(), 1, Integer.MAX_VALUE),
                number(context, name, "seed", check.firstSeed(), 0, Long.MAX_VALUE),
                check.strategy(),
                schedule.isEmpty() ? null : schedule,
                TrialOptions.STANDARD.withPatience(
                        inRange(name + " patienceMillis", check.patienceMillis(), 1, 1_000_000) * Time.MILLISECOND),
                set(Hazard.class, check.hazards()),
                check.isaBus(),
                set(Rule.class, check.expected()),
                subject);
    }

    private static <E extends Enum<E>> Set<E> set(Class<E> type, E[] values) {
        Set<E> set = EnumSet.noneOf(type);
        set.addAll(List.of(values));
        return set;
    }

    private static List<HostileMachine> named(List<String> names) {
        return names.isEmpty()
                ? HostileMachines.all()
                : names.stream()
                        .map(each -> HostileMachines.named(each.strip()))
                        .toList();
    }

    /// A method is run on a bench, or looks on while a subject is.
    private static void expectShape(Method method, String name, @Nullable Class<?> subject) {
        long benches = Arrays.stream(method.getParameterTypes())
                .filter(each -> each == Bench.class)
                .count();
        if (subject == null && benches != 1) {
            throw refuse(name, benches == 0 ? "no parameter for a Bench" : benches + " of them", "a Bench to run on");
        }
        if (subject != null && benches != 0) {
            throw refuse(name, "a parameter for a Bench", "none, as " + subject.getSimpleName() + " is run");
        }
    }

    private static String parameter(ExtensionContext context, String key, String otherwise) {
        return context.getConfigurationParameter(key).orElse(otherwise).strip();
    }

    private static long number(
            ExtensionContext context, String name, String word, long annotated, long least, long most) {
        String key = "flyby." + word;
        String text = parameter(context, key, "");
        if (text.isEmpty()) {
            return inRange(name + " " + word, annotated, least, most);
        }
        if (!text.matches("[0-9]{1,18}")) {
            throw refuse(key, Quote.of(text), "a number");
        }
        return inRange(key, Long.parseLong(text), least, most);
    }

    private static long inRange(String where, long value, long least, long most) {
        if (value < least || value > most) {
            throw refuse(where, Long.toString(value), least + " to " + most);
        }
        return value;
    }

    static LabException refuse(String where, String found, String expected) {
        return new LabException(LabException.Kind.BAD_INPUT, where, found, expected);
    }
}
