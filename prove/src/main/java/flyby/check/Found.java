package flyby.check;

import flyby.check.Finding.Step;
import java.util.ArrayList;
import java.util.List;

/// A finding that more may yet become known of.
final class Found {
    final Rule rule;
    final Evidence evidence;
    final String what;
    final String party;
    final CallSite site;
    final long timePicos;
    final List<Step> life = new ArrayList<>();
    final List<Step> story = new ArrayList<>();
    String expected = "";
    String seen = "";
    final String advice;

    Found(Rule rule, Evidence evidence, String what, String party, CallSite site, long timePicos, String advice) {
        this.rule = rule;
        this.evidence = evidence;
        this.what = what;
        this.party = party;
        this.site = site;
        this.timePicos = timePicos;
        this.advice = advice;
    }

    /// What came of it, if that is not known yet.
    void bytes(String expectedBytes, String seenBytes) {
        if (expected.isEmpty() && seen.isEmpty()) {
            expected = expectedBytes;
            seen = seenBytes;
        }
    }

    Finding finding() {
        return new Finding(rule, evidence, what, party, site, timePicos, life, story, expected, seen, advice);
    }
}
