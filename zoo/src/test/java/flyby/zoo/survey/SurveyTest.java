package flyby.zoo.survey;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.check.Rule;
import flyby.topology.Card;
import flyby.trial.Bench;
import flyby.trial.HostileMachines;
import flyby.trial.Scene;
import flyby.zoo.EngineSpecimen;
import flyby.zoo.Lookalike;
import flyby.zoo.Specimen;
import flyby.zoo.Zoo;
import flyby.zoo.a.A1UncheckedMapping;
import flyby.zoo.a.A4UnmapMergedCount;
import flyby.zoo.b.B2NoSyncBeforeRead;
import flyby.zoo.f.F1UnmapSize;
import flyby.zoo.g.G4TwoMappingsInALine;
import flyby.zoo.lookalikes.L1ReadByBoth;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What the table says of specimens whose fate is known.
final class SurveyTest {
    private static final List<Long> ONE = List.of(1L);

    private static List<Row> rows(List<String> machines, int workers, List<Supplier<Specimen>> makers) {
        try (Survey survey =
                new Survey(machines.stream().map(HostileMachines::named).toList(), ONE, workers)) {
            return survey.specimens(makers, _ -> {});
        }
    }

    private static SurveyResult result(List<Row> rows, List<LookalikeRow> lookalikes) {
        return new SurveyResult("1", List.of("coherent"), ONE, rows, lookalikes);
    }

    @Test
    void bugsAreCaughtAndTwinsLeftAlone() {
        List<Row> rows = rows(List.of("coherent"), 2, List.of(A1UncheckedMapping::new, B2NoSyncBeforeRead::new));

        assertThat(rows).allMatch(Row::isCaught).allMatch(row -> row.alarms().isEmpty());
        assertThat(rows.getFirst().asShipped().checks()).containsExactly("MAP_ERROR");
        assertThat(rows.getFirst().asShipped().onTwin()).isZero();
        assertThat(rows.get(1).withOverlaps().caught()).as("it sees no access").isZero();
        assertThat(result(rows, List.of()).isGood()).isTrue();
    }

    @Test
    void dmaApiDebugSeesWhatItsRulesLetItSee() {
        List<Row> rows = rows(
                List.of("coherent", "iommu-strict"),
                2,
                List.of(F1UnmapSize::new, A4UnmapMergedCount::new, G4TwoMappingsInALine::new));

        assertThat(rows.getFirst().asShipped().caught()).isEqualTo(2);
        assertThat(rows.get(1).asShipped().caught())
                .as("where lists are merged")
                .isEqualTo(1);
        assertThat(rows.get(2).asShipped().caught()).as("as shipped").isZero();
        assertThat(rows.get(2).withOverlaps().caught()).as("with overlaps").isEqualTo(2);
        assertThat(rows).allMatch(Row::agrees);
    }

    @Test
    void whatIsMissedAndWhatIsSaidOfTheRightIsTold() {
        List<Row> rows = rows(List.of("coherent"), 2, List.of(Harmless::new, Swapped::new));
        SurveyResult result = result(rows, List.of());

        assertThat(rows.getFirst().isCaught()).isFalse();
        assertThat(rows.get(1).alarms()).isNotEmpty();
        assertThat(rows.get(1).asShipped().onTwin()).isEqualTo(1);
        assertThat(result.isGood()).isFalse();
        assertThat(SurveyText.totals(result))
                .contains("missed: X1 nothing is wrong", "false alarm: X2 fixed on coherent with seed 1: R26");
        assertThat(SurveyText.row(rows.getFirst())).contains("missed").endsWith("quiet\n");
    }

    @Test
    void howManyWorkersThereAreDoesNotMatter() {
        List<Supplier<Specimen>> makers = List.of(A1UncheckedMapping::new, F1UnmapSize::new);
        List<String> tables = new ArrayList<>();
        for (int workers : new int[] {1, 3}) {
            StringBuilder text = new StringBuilder();
            rows(List.of("coherent", "non-coherent"), workers, makers).forEach(row -> text.append(SurveyText.row(row)));
            tables.add(text.toString());
        }

        assertThat(tables.getFirst()).isEqualTo(tables.get(1));
    }

    @Test
    void lookalikesAreQuiet() {
        try (Survey survey = new Survey(List.of(HostileMachines.named("non-coherent")), ONE, 1)) {
            List<LookalikeRow> rows = survey.lookalikes(List.<Supplier<Lookalike>>of(L1ReadByBoth::new));

            assertThat(rows.getFirst().alarms()).isEmpty();
            assertThat(rows.getFirst().debugAlarms()).isZero();
            assertThat(SurveyText.markdown(result(List.of(), rows))).contains("| L1 | ", " | nothing | nothing |");
        }
    }

    @Test
    void everyPatternHasAVerdict() {
        List<DebugVerdict> verdicts = Zoo.specimens().stream()
                .map(maker -> DebugVerdict.of(maker.get().label().id()))
                .toList();

        assertThat(verdicts).hasSize(69);
        assertThat(Stream.of(DebugVerdict.values())
                        .map(verdict ->
                                verdicts.stream().filter(verdict::equals).count()))
                .containsExactly(13L, 9L, 47L);
    }

    /// A driver that does nothing, and is not wrong about it.
    private static final class Harmless implements Specimen {
        @Override
        public Label label() {
            return new Label("X1", "nothing is wrong", "nowhere", List.of(Rule.R1), List.of());
        }

        @Override
        public List<Card> cards(Scene scene) {
            return new A1UncheckedMapping().cards(scene);
        }

        @Override
        public void buggy(Bench bench) {}

        @Override
        public void fixed(Bench bench) {}
    }

    /// A specimen whose twins have been mixed up.
    private static final class Swapped extends EngineSpecimen {
        Swapped() {
            super(new Label("X2", "twins mixed up", "nowhere", List.of(Rule.R26), List.of()));
        }

        @Override
        public void buggy(Bench bench) {
            new A1UncheckedMapping().fixed(bench);
        }

        @Override
        public void fixed(Bench bench) {
            new A1UncheckedMapping().buggy(bench);
        }
    }
}
