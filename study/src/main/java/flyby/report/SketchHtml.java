package flyby.report;

import flyby.topology.Sketch;
import java.util.List;

/// A machine as a picture in the report: boxes of the page's own text, so that it wraps, prints and can be read
/// out.
final class SketchHtml {
    private final Html html;

    private SketchHtml(Html html) {
        this.html = html;
    }

    static void write(Html html, Sketch sketch) {
        new SketchHtml(html).section(sketch);
    }

    private void section(Sketch sketch) {
        html.raw("<section>\n<h2>The machine</h2>\n<p><b>").text(sketch.name()).raw("</b>: ");
        html.text(sketch.title()).raw("</p>\n<div class=\"machine\">\n<div class=\"sockets\">\n");
        sketch.boxes().forEach(box -> box("socket", box));
        html.raw("</div>\n");
        box("trunk", sketch.trunk());
        nodes(sketch.below());
        html.raw("</div>\n</section>\n");
    }

    private void box(String style, Sketch.Box box) {
        html.raw("<div class=\"box ").raw(style).raw("\"><b>").text(box.name()).raw("</b>");
        if (!box.facts().isEmpty()) {
            html.raw("<ul>");
            box.facts().forEach(fact -> html.raw("<li>").text(fact).raw("</li>"));
            html.raw("</ul>");
        }
        html.raw("</div>\n");
    }

    private void nodes(List<Sketch.Node> nodes) {
        if (nodes.isEmpty()) {
            return;
        }
        html.raw("<ul class=\"tree\">\n");
        for (Sketch.Node node : nodes) {
            html.raw("<li>");
            if (!node.link().isEmpty()) {
                html.raw("<span class=\"link\">").text(node.link()).raw("</span>");
            }
            box(node.below().isEmpty() ? "leaf" : "port", node.box());
            nodes(node.below());
            html.raw("</li>\n");
        }
        html.raw("</ul>\n");
    }
}
