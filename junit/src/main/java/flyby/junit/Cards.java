package flyby.junit;

import flyby.base.LabException;
import flyby.topology.Card;
import flyby.trial.Scene;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/// Asks a test for its cards.
final class Cards {
    private static final String ACCEPTED = "a @Plugged method that returns a Card or a List of them";

    private Cards() {}

    /// Checks that `type`, or a class around it, says which cards there are.
    ///
    /// @throws LabException if it does not
    static void expectOne(Class<?> type) {
        Method method = find(type);
        Class<?> result = method.getReturnType();
        if (result != Card.class && result != List.class) {
            throw CheckPlan.refuse(where(method), result.getSimpleName(), ACCEPTED);
        }
        Class<?>[] parameters = method.getParameterTypes();
        if (parameters.length > 1 || (parameters.length == 1 && parameters[0] != Scene.class)) {
            throw CheckPlan.refuse(where(method), method.toGenericString(), "no parameter, or a Scene");
        }
    }

    /// The cards of one run.
    ///
    /// @param instances of the test class and of those around it, the outermost first
    static List<Card> of(List<Object> instances, Class<?> type, Scene scene) {
        Method method = find(type);
        Object[] arguments = method.getParameterCount() == 0 ? new Object[0] : new Object[] {scene};
        Object given = ReflectionSupport.invokeMethod(method, instanceOf(instances, method), arguments);
        if (given instanceof Card card) {
            return List.of(card);
        }
        if (given instanceof List<?> list && !list.isEmpty()) {
            return list.stream()
                    .map(each -> {
                        if (each instanceof Card card) {
                            return card;
                        }
                        throw CheckPlan.refuse(where(method), String.valueOf(each), "a Card");
                    })
                    .toList();
        }
        throw CheckPlan.refuse(where(method), String.valueOf(given), "one card or two");
    }

    private static @Nullable Object instanceOf(List<Object> instances, Method method) {
        if (Modifier.isStatic(method.getModifiers())) {
            return null;
        }
        return instances.stream()
                .filter(method.getDeclaringClass()::isInstance)
                .reduce((_, inner) -> inner)
                .orElseThrow(() -> CheckPlan.refuse(where(method), "no object to call it on", "a static method"));
    }

    /// The method of `type`, or of the nearest class around it that has one.
    private static Method find(Class<?> type) {
        for (Class<?> each = type; each != null; each = each.getEnclosingClass()) {
            List<Method> methods =
                    AnnotationSupport.findAnnotatedMethods(each, Plugged.class, HierarchyTraversalMode.TOP_DOWN);
            if (methods.size() > 1) {
                throw CheckPlan.refuse(each.getName(), methods.size() + " methods with @Plugged", "one");
            }
            if (!methods.isEmpty()) {
                return methods.getFirst();
            }
        }
        throw CheckPlan.refuse(type.getName(), "no cards", ACCEPTED);
    }

    private static String where(Method method) {
        return method.getDeclaringClass().getSimpleName() + "." + method.getName();
    }
}
