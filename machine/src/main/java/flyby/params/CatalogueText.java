package flyby.params;

import java.util.ArrayList;
import java.util.List;

/// A catalogue as people read it: lines for a terminal, a table for the documentation.
public final class CatalogueText {
    private static final int WIDTH = 100;

    private CatalogueText() {}

    /// Each parameter with its present value, what is accepted, its meaning and its source, for a terminal.
    public static String lines(Settings settings) {
        StringBuilder text = new StringBuilder();
        for (Settings.Resolved resolved : settings.all()) {
            Parameter parameter = resolved.parameter();
            text.append("  ").append(parameter.path()).append(" = ").append(resolved.text());
            if (!resolved.origin().equals(Origin.DEFAULT)) {
                text.append("   (").append(resolved.origin().label()).append(')');
            }
            text.append('\n');
            paragraph(text, parameter.help());
            paragraph(text, "Accepted: " + parameter.domain().accepted() + ".");
            paragraph(text, "Source: " + resolved.source().text() + ".");
        }
        for (Rule rule : settings.catalogue().rules()) {
            String indent = "  Rule: ";
            for (String line : wrap(rule.text() + ".", WIDTH - indent.length())) {
                text.append(indent).append(line).append('\n');
                indent = " ".repeat(indent.length());
            }
        }
        return text.toString();
    }

    private static void paragraph(StringBuilder text, String words) {
        String indent = "      ";
        for (String line : wrap(words, WIDTH - indent.length())) {
            text.append(indent).append(line).append('\n');
        }
    }

    /// `words` in lines of at most `width` characters, broken at spaces.
    public static List<String> wrap(String words, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : words.strip().split("\\s+", -1)) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            if (!line.isEmpty()) {
                line.append(' ');
            }
            line.append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    /// The same as a Markdown table, and the rules as a list.
    public static String markdown(Settings settings) {
        StringBuilder text = new StringBuilder();
        text.append("| Parameter | Value | Accepted | Set by | Meaning | Source |\n");
        text.append("|---|---|---|---|---|---|\n");
        for (Settings.Resolved resolved : settings.all()) {
            Parameter parameter = resolved.parameter();
            text.append("| `").append(parameter.path());
            text.append("` | `").append(resolved.text());
            text.append("` | ").append(cell(parameter.domain().accepted()));
            text.append(" | ").append(cell(resolved.origin().label()));
            text.append(" | ").append(cell(parameter.help()));
            text.append(" | ").append(cell(resolved.source().text())).append(" |\n");
        }
        if (!settings.catalogue().rules().isEmpty()) {
            text.append("\nRules:\n\n");
            for (Rule rule : settings.catalogue().rules()) {
                text.append("- ").append(rule.text()).append(" (");
                text.append(String.join(", ", rule.paths())).append(")\n");
            }
        }
        return text.toString();
    }

    /// `text` as the inside of one Markdown table cell.
    static String cell(String text) {
        return text.replace("\\", "\\\\")
                .replace("|", "\\|")
                .replace("<", "&lt;")
                .replace('\n', ' ');
    }
}
