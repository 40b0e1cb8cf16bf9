package flyby.report;

import java.util.List;

/// What is seen when the runs are set side by side, in words.
final class ConclusionsHtml {
    private ConclusionsHtml() {}

    static void write(Html html, List<String> conclusions) {
        if (conclusions.isEmpty()) {
            return;
        }
        html.raw("<section>\n<h2>What is seen</h2>\n<ul class=\"seen\">\n");
        conclusions.forEach(line -> html.raw("<li>").text(line).raw("</li>\n"));
        html.raw("</ul>\n</section>\n");
    }
}
