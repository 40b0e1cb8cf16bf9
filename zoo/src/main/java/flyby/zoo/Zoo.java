package flyby.zoo;

import flyby.topology.Card;
import flyby.trial.Bench;
import flyby.trial.Scene;
import flyby.trial.Subject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// All that are kept, and how to try them.
public final class Zoo {
    private static final String MARK = "// BUG";

    private Zoo() {}

    /// Makers of the specimens, in the order of the catalogue; each run has one made for it.
    public static List<Supplier<Specimen>> specimens() {
        return Stream.of(
                        Cages.a(), Cages.b(), Cages.c(), Cages.d(), Cages.e(), Cages.f(), Cages.g(), Cages.h(),
                        Cages.i(), Cages.j(), Cages.k())
                .flatMap(List::stream)
                .toList();
    }

    /// Makers of the look-alikes, by their number.
    public static List<Supplier<Lookalike>> lookalikes() {
        return Cages.lookalikes();
    }

    /// The driver with the bug, for a trial.
    public static Subject buggy(Specimen specimen) {
        return new Twin(specimen, false);
    }

    /// The driver without.
    public static Subject fixed(Specimen specimen) {
        return new Twin(specimen, true);
    }

    /// The look-alike, for a trial.
    public static Subject subject(Lookalike lookalike) {
        return new Alike(lookalike);
    }

    /// The lines of `specimen`'s source, counted from 1, that a good report names.
    public static List<Integer> bugLines(Specimen specimen) {
        List<Integer> lines = new ArrayList<>();
        List<String> source = source(specimen);
        for (int i = 0; i < source.size(); i++) {
            if (source.get(i).contains(MARK)) {
                lines.add(i + 1);
            }
        }
        return lines;
    }

    /// Where `specimen`'s source lies below a source folder, as reports say it.
    public static String file(Specimen specimen) {
        return specimen.getClass().getName().replace('.', '/') + ".java";
    }

    /// The lines of `specimen`'s source.
    public static List<String> source(Specimen specimen) {
        String name = specimen.getClass().getSimpleName() + ".java";
        try (InputStream in = specimen.getClass().getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the source of " + name + " is not packed with it");
            }
            BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            return reader.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Twin(Specimen specimen, boolean isFixed) implements Subject {
        @Override
        public String name() {
            return specimen.label().id() + (isFixed ? " fixed" : " buggy");
        }

        @Override
        public List<Card> cards(Scene scene) {
            return specimen.cards(scene);
        }

        @Override
        public void run(Bench bench) {
            if (isFixed) {
                specimen.fixed(bench);
            } else {
                specimen.buggy(bench);
            }
        }

        @Override
        public Set<Hazard> hazards() {
            return specimen.hazards();
        }
    }

    private record Alike(Lookalike lookalike) implements Subject {
        @Override
        public String name() {
            return "look-alike " + lookalike.number();
        }

        @Override
        public List<Card> cards(Scene scene) {
            return lookalike.cards(scene);
        }

        @Override
        public void run(Bench bench) {
            lookalike.run(bench);
        }

        @Override
        public Set<Hazard> hazards() {
            return lookalike.hazards();
        }
    }
}
