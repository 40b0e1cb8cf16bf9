package flyby.junit;

import flyby.check.Rule;
import flyby.explore.Explorer.Strategy;
import flyby.trial.Subject;
import flyby.trial.Subject.Hazard;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/// A test that runs a driver under the checker: one test for each hostile machine, and in that many runs, each under
/// another schedule of what no specification decides.
///
/// The method takes a [flyby.trial.Bench], which has the operating system and the cards that a [Plugged] method gives:
///
/// ```java
/// @Plugged
/// Card card() {
///     return Card.of(0x0001, 16, 0, 1, Upcaser::new);
/// }
///
/// @DmaCheck(machines = {"non-coherent", "weak-order"}, seeds = 100)
/// void convertsText(Bench bench) { ... }
/// ```
///
/// It is the operating system's side, and runs as a thread of the simulated CPU: it brings the driver to the card,
/// works with it, and takes it away again. What is wrong with the data it tells [flyby.trial.Bench#expect].
///
/// For each run the test class is made anew, unless its life cycle is `PER_CLASS`: then what a run leaves in a field
/// is there in the next, and runs are no longer equal. `@BeforeEach` and `@AfterEach` methods are called once for each
/// machine, on another object.
///
/// A test fails with the report of the first run in which a rule is broken, by the fewest decisions that still break
/// it, and with the command that repeats that run. These parameters of JUnit, which are system properties too, change
/// what annotations say:
///
/// - `flyby.schedule`: one run, under this schedule, as a report names it;
/// - `flyby.machine`: these machines, with commas between;
/// - `flyby.seeds`, `flyby.seed`: how many runs, and the first seed.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@TestTemplate
@ExtendWith(DmaCheckExtension.class)
public @interface DmaCheck {
    /// The names of the machines. By default all that [flyby.trial.HostileMachines#all] has.
    String[] machines() default {};

    /// How many runs there are on each machine, each under a schedule of its own: 1 or more. The first is under the
    /// plain one, in which nothing unusual happens.
    int seeds() default 20;

    /// The first seed; those of the other runs follow it.
    long firstSeed() default 1;

    /// Which schedules are tried.
    Strategy strategy() default Strategy.MIXED;

    /// What the driver is made to cope with, beyond what any driver has to. A [#subject] says so itself.
    Hazard[] hazards() default {};

    /// Whether the machine is to have an ISA bus. A [#subject] says so itself.
    boolean isaBus() default false;

    /// The longest that a run may take, in milliseconds of simulated time.
    long patienceMillis() default 50;

    /// The rules that the driver is known to break: the test fails unless the runs on each of the machines break all
    /// of these, and no others.
    Rule[] expected() default {};

    /// A class that is run in place of the method, as `./flyby check` does it: it has a constructor without arguments.
    /// The method takes no [flyby.trial.Bench] then, and is called on each machine after the runs. By default there
    /// is none.
    Class<? extends Subject> subject() default Subject.class;
}
