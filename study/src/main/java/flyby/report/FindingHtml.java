package flyby.report;

import flyby.study.Finding;
import flyby.study.Finding.ByteEvidence;
import java.util.Locale;

/// A finding in the report: words first, then the bytes, what was seen beside what is right.
final class FindingHtml {
    private FindingHtml() {}

    static void write(Html html, String run, Finding finding) {
        html.raw("<article class=\"finding " + (finding.bad() ? "bad" : "good") + "\">\n<h3>");
        html.text(finding.title()).raw(" <span class=\"run\">").text(run).raw("</span></h3>\n<p>");
        html.text(finding.explanation()).raw("</p>\n");
        finding.bytes().forEach(evidence -> evidence(html, evidence));
        if (!finding.remedy().isEmpty()) {
            html.raw("<p class=\"remedy\"><strong>Missing operation</strong> <code>");
            html.text(finding.remedy()).raw("</code></p>\n");
        }
        html.raw("</article>\n");
    }

    private static void evidence(Html html, ByteEvidence evidence) {
        int length = Math.max(evidence.seen().length, evidence.right().length);
        html.raw("<div class=\"scroll\"><table class=\"hex\"><caption>");
        html.text(HexLines.differenceCount(evidence) + " of " + length + " bytes differ")
                .raw("</caption>\n");
        html.raw("<thead><tr><th scope=\"col\">Address</th><th scope=\"col\">Seen by ")
                .text(evidence.seenBy());
        html.raw("</th><th scope=\"col\">Right, in ").text(evidence.rightIn()).raw("</th></tr></thead><tbody>\n");
        for (HexLines.Line line : HexLines.of(evidence)) {
            html.raw("<tr><th scope=\"row\">" + String.format(Locale.ROOT, "%08x", line.address()) + "</th>");
            if (line.isGap()) {
                html.raw("<td colspan=\"2\" class=\"quiet\">" + line.count() + " equal bytes</td></tr>\n");
                continue;
            }
            side(html, evidence, line, evidence.seen(), "del");
            side(html, evidence, line, evidence.right(), "ins");
            html.raw("</tr>\n");
        }
        html.raw("</tbody></table></div>\n");
    }

    /// `del` and `ins` mark the differing bytes, for the eye by the style sheet and for a screen reader as such.
    private static void side(Html html, ByteEvidence evidence, HexLines.Line line, byte[] bytes, String mark) {
        StringBuilder hex = new StringBuilder();
        StringBuilder text = new StringBuilder();
        boolean isMarked = false;
        for (int i = line.from(); i < line.from() + line.count(); i++) {
            boolean differs = HexLines.differs(evidence, i);
            if (isMarked && !differs) {
                hex.append("</").append(mark).append('>');
            }
            hex.append(i == line.from() ? "" : i - line.from() == 8 ? "  " : " ");
            if (differs && !isMarked) {
                hex.append('<').append(mark).append('>');
            }
            isMarked = differs;
            hex.append(HexLines.hex(bytes, i));
            text.append(HexLines.character(bytes, i));
        }
        if (isMarked) {
            hex.append("</").append(mark).append('>');
        }
        html.raw("<td>").raw(hex.toString()).raw(" ".repeat(3 * (HexLines.BYTES_PER_LINE - line.count())));
        html.raw("  <span class=\"quiet\">").text(text.toString()).raw("</span></td>");
    }
}
