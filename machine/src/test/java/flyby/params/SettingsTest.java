package flyby.params;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flyby.base.LabException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Who sets a value, in which order, and what is refused.
final class SettingsTest {
    private static final Source WHY = Source.spec("Data sheet", "p. 1");

    private static final Catalogue CACHE = Catalogue.titled("cache")
            .bytes("cache.size", "4 KiB", "64 B", "1 MiB", WHY, "Size.")
            .bytes("cache.line", "32 B", "4 B", "256 B", WHY, "Line.")
            .rule(
                    "cache.line must divide cache.size",
                    settings -> settings.bytes("cache.size") % settings.bytes("cache.line") == 0,
                    "cache.line",
                    "cache.size")
            .build();

    private static final Catalogue ALL = Catalogue.titled("all")
            .choice(Catalogue.PROFILE, "slow", List.of("slow", "fast"), "Which machine.")
            .frequency("machine.clock", "1 MHz", "1 kHz", "10 GHz", WHY, "Clock.")
            .count("cpu.clocks", 4, 1, 1_000, "clocks", WHY, "Clocks.")
            .flag("cure", false, "Cure.")
            .choices("runs", List.of("pio", "burst"), List.of("pio", "burst", "cycle-stealing"), "Runs.")
            .include(CACHE)
            .build();

    private static final List<Profile> PROFILES = List.of(
            Profile.named("slow", "Slow.").build(),
            Profile.named("fast", "Fast.")
                    .set("machine.clock", "8 MHz", Source.measured("it", "one"))
                    .build());

    private static Given file(String path, String text) {
        return new Given(path, text, new Origin("demo.yaml:3", "demo.yaml:3:1", "demo.yaml:3:8"));
    }

    private static Settings resolve(List<Given> file, String... set) {
        return Settings.resolve(ALL, PROFILES, file, Given.fromCommandLine(List.of(set)));
    }

    @Test
    void theCommandLineBeatsTheFileBeatsTheProfileBeatsTheDefault() {
        assertThat(resolve(List.of()).hertz("machine.clock")).isEqualTo(1_000_000);
        Settings fast = resolve(List.of(file(Catalogue.PROFILE, "fast")));
        assertThat(fast.hertz("machine.clock")).isEqualTo(8_000_000);
        assertThat(fast.resolved("machine.clock").origin().label()).isEqualTo("profile fast");
        assertThat(fast.resolved("machine.clock").source().text()).isEqualTo("measured: it, on one");
        Settings both = resolve(List.of(file("machine.clock", "2 MHz")), "machine.profile=fast");
        assertThat(both.hertz("machine.clock")).isEqualTo(2_000_000);
        assertThat(both.resolved("machine.clock").origin().label()).isEqualTo("demo.yaml:3");
        assertThat(resolve(List.of(file("machine.clock", "2 MHz")), "machine.clock=3MHz")
                        .hertz("machine.clock"))
                .isEqualTo(3_000_000);
    }

    @Test
    void periodsAreRoundedOnceHalfUp() {
        assertThat(resolve(List.of(), "machine.clock=8MHz").periodPicos("machine.clock"))
                .isEqualTo(125_000);
        // 1e12 / 4772727 = 209,523.8...
        assertThat(resolve(List.of(), "machine.clock=4.772727MHz").periodPicos("machine.clock"))
                .isEqualTo(209_524);
        // 1e12 / 3e9 = 333.33...
        assertThat(resolve(List.of(), "machine.clock=3GHz").periodPicos("machine.clock"))
                .isEqualTo(333);
    }

    @Test
    void choicesKeepTheOrderGiven() {
        assertThat(resolve(List.of(), "runs=burst, pio").choices("runs")).containsExactly("burst", "pio");
        assertThatThrownBy(() -> resolve(List.of(), "runs=pio,pio")).hasMessageContaining("twice");
        assertThatThrownBy(() -> resolve(List.of(), "runs=bursst"))
                .hasMessage("--set runs: found \"bursst\" for runs, expected one of pio, burst, cycle-stealing;"
                        + " did you mean burst?");
    }

    @Test
    void anUnknownPathGetsTheNearest() {
        assertThatThrownBy(() -> resolve(List.of(file("machine.clok", "1 MHz"))))
                .hasMessage("demo.yaml:3:1: found unknown parameter \"machine.clok\","
                        + " expected a known parameter; did you mean machine.clock?");
        assertThatThrownBy(() -> resolve(List.of(), "clock=1MHz")).hasMessageContaining("did you mean machine.clock?");
        assertThatThrownBy(() -> resolve(List.of(), "zzzzzzzzz=1")).hasMessageContaining("one of machine.profile");
    }

    @Test
    void aBrokenRuleNamesBothSettingsAndWhoSetThem() {
        assertThatThrownBy(() -> resolve(List.of(file("cache.line", "48 B"))))
                .hasMessage("demo.yaml:3:8: found cache.line = 48 B (demo.yaml:3) with cache.size = 4 KiB (default),"
                        + " expected what fits the rule: cache.line must divide cache.size");
    }

    @Test
    void setNeedsAnEqualsSign() {
        assertThatThrownBy(() -> resolve(List.of(), "cure")).isInstanceOf(LabException.class);
        assertThatThrownBy(() -> resolve(List.of(), "=true")).isInstanceOf(LabException.class);
        assertThat(resolve(List.of(), "cure=true").flag("cure")).isTrue();
        assertThatThrownBy(() -> resolve(List.of(), "cure=yes")).hasMessageContaining("true or false");
    }

    @Test
    void askingForAnotherKindIsABug() {
        Settings settings = resolve(List.of());
        assertThatThrownBy(() -> settings.picos("machine.clock")).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> settings.flag("nothing")).isInstanceOf(AssertionError.class);
    }

    @Test
    void aCatalogueRefusesWhatAFileCouldNotSet() {
        assertThatThrownBy(() -> Catalogue.titled("x").flag("a", false, "").flag("a.b", false, ""))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> Catalogue.titled("x").flag("a", false, "").flag("a", false, ""))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void theTextNamesEverything() {
        assertThat(CatalogueText.lines(resolve(List.of())))
                .contains("machine.clock = 1 MHz", "Accepted: 1 kHz to 10 GHz.", "Source: Data sheet, p. 1.", "Rule: ");
        assertThat(CatalogueText.markdown(resolve(List.of())))
                .contains("| `cpu.clocks` | `4 clocks` | 1 to 1000 clocks | default | Clocks. | Data sheet, p. 1 |");
        assertThat(CatalogueText.cell("a|b<c\\")).isEqualTo("a\\|b&lt;c\\\\");
    }
}
