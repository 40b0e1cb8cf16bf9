package flyby.report;

import flyby.params.CatalogueText;
import flyby.topology.Sketch;
import java.util.ArrayList;
import java.util.List;

/// A machine as a picture of letters: boxes above, a tree below.
public final class SketchText {
    private static final int WIDTH = 100;

    private SketchText() {}

    public static String of(Sketch sketch, boolean colour) {
        Paint paint = new Paint(colour);
        StringBuilder text = new StringBuilder();
        text.append(paint.bold(sketch.name()))
                .append(": ")
                .append(sketch.title())
                .append("\n\n");
        boxes(text, sketch.boxes(), paint);
        Sketch.Box trunk = sketch.trunk();
        text.append("  |\n  +== ").append(paint.bold(trunk.name())).append('\n');
        trunk.facts().forEach(fact -> text.append("  |   ").append(fact).append('\n'));
        nodes(text, "  ", sketch.below(), paint);
        return text.toString();
    }

    /// Beside each other, as many as fit.
    private static void boxes(StringBuilder text, List<Sketch.Box> boxes, Paint paint) {
        List<Sketch.Box> row = new ArrayList<>();
        int used = 0;
        for (Sketch.Box box : boxes) {
            if (!row.isEmpty() && used + width(box) > WIDTH) {
                row(text, row, paint);
                row.clear();
                used = 0;
            }
            row.add(box);
            used += width(box) + 2;
        }
        row(text, row, paint);
    }

    private static int width(Sketch.Box box) {
        int longest = box.facts().stream().mapToInt(String::length).max().orElse(0);
        return 4 + Math.max(longest, box.name().length() + 2);
    }

    private static void row(StringBuilder text, List<Sketch.Box> row, Paint paint) {
        int height = row.stream().mapToInt(box -> box.facts().size()).max().orElse(0);
        for (int line = -1; line <= height; line++) {
            StringBuilder cells = new StringBuilder();
            for (Sketch.Box box : row) {
                cells.append(cells.isEmpty() ? "" : "  ").append(cell(box, line, height, paint));
            }
            text.append(cells).append('\n');
        }
    }

    private static String cell(Sketch.Box box, int line, int height, Paint paint) {
        int inner = width(box) - 2;
        if (line < 0) {
            String rest = "-".repeat(inner - box.name().length() - 3);
            return "+- " + paint.bold(box.name()) + " " + rest + "+";
        }
        if (line == height) {
            return "+" + "-".repeat(inner) + "+";
        }
        String fact = line < box.facts().size() ? box.facts().get(line) : "";
        return "| " + fact + " ".repeat(inner - 1 - fact.length()) + "|";
    }

    private static void nodes(StringBuilder text, String indent, List<Sketch.Node> nodes, Paint paint) {
        for (int i = 0; i < nodes.size(); i++) {
            Sketch.Node node = nodes.get(i);
            boolean isLast = i == nodes.size() - 1;
            text.append(indent).append("|\n");
            if (!node.link().isEmpty()) {
                text.append(indent).append("| ").append(paint.dim(node.link())).append('\n');
            }
            text.append(indent).append("+-- ").append(paint.bold(node.box().name()));
            String below = indent + (isLast ? "    " : "|   ");
            String facts = String.join("; ", node.box().facts());
            List<String> lines = CatalogueText.wrap(facts, WIDTH - below.length());
            if (lines.size() == 1 && below.length() + node.box().name().length() + 2 + facts.length() <= WIDTH) {
                text.append("  ").append(facts).append('\n');
            } else {
                text.append('\n');
                lines.forEach(line -> text.append(below).append(line).append('\n'));
            }
            nodes(text, below, node.below(), paint);
        }
    }
}
