package flyby.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The method of a test class that says which cards are plugged into the machines of its [DmaCheck]s.
///
/// It returns a [flyby.topology.Card], or a `List` of one or two, in the order in which [flyby.trial.Bench#pci] counts
/// them; and it takes nothing, or the [flyby.trial.Scene], which says what the machine wants of devices. It is called
/// once for each run. A nested class without one has that of the class around it.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Plugged {}
