package flyby.cli;

import flyby.base.JsonWriter;
import flyby.base.LabException;
import flyby.guest.Finding;
import flyby.guest.Finding.Outcome;
import flyby.guest.Guest;
import flyby.guest.JudgeSuite;
import flyby.guest.Verdict;
import flyby.params.Quote;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "check",
        header = {"Have Linux's own drivers and tools judge Flyby's devices.", ""},
        description = {
            "",
            "Boots the guest a few times, and prints a line for each judge: how many of its checks passed, failed and"
                    + " were skipped. The exit status is 1 if one failed. docs/live.md says what each looks at.",
            ""
        })
final class GuestCheckCommand implements Callable<Integer> {
    private final Application application;

    @Option(
            names = "--json",
            description = "Print one JSON document instead of the lines, and nothing else, on standard output.")
    private boolean json;

    @Option(
            names = "--judge",
            split = ",",
            paramLabel = "NAME",
            description = "Ask these judges only: edu, dmatest, ioatdma, nvme-cli, ext4, fio, power-cut, windows.")
    private List<String> judges = new ArrayList<>();

    @Option(names = "--long", description = "Look longer, with more copies, files and settings of the IOMMU.")
    private boolean isLong;

    @Option(names = "--verbose", description = "Say each check as it is made, on standard error.")
    private boolean verbose;

    GuestCheckCommand(Application application) {
        this.application = application;
    }

    @Override
    public Integer call() {
        Guest guest = Guest.find(System.getenv());
        Path launcher = Path.of(System.getProperty("flyby.root", "")).resolve("flyby");
        List<Verdict> verdicts = new JudgeSuite(guest, launcher, isLong).run(wanted(), this::told);
        PrintStream out = application.terminal().out();
        if (json) {
            write(guest, verdicts, out);
        } else {
            verdicts.forEach(verdict -> out.println(line(verdict)));
        }
        out.flush();
        return verdicts.stream().allMatch(Verdict::isGood) ? Application.AS_EXPECTED : Application.NOT_AS_EXPECTED;
    }

    private List<String> wanted() {
        for (String judge : judges) {
            if (!JudgeSuite.JUDGES.contains(judge)) {
                throw new LabException(
                        LabException.Kind.BAD_INPUT,
                        "--judge",
                        Quote.of(judge),
                        "one of " + String.join(", ", JudgeSuite.JUDGES));
            }
        }
        return judges.isEmpty() ? JudgeSuite.JUDGES : judges;
    }

    private void told(Finding finding) {
        if (verbose || finding.outcome() == Outcome.FAILED) {
            application.terminal().complain(finding.toString());
        }
    }

    private static String line(Verdict verdict) {
        int skipped = verdict.count(Outcome.SKIPPED);
        return "%-10s %3d passed, %d failed, %d skipped%s"
                .formatted(
                        verdict.judge(),
                        verdict.count(Outcome.PASSED),
                        verdict.count(Outcome.FAILED),
                        skipped,
                        skipped == 0 ? "" : ": " + verdict.skipReason());
    }

    private void write(Guest guest, List<Verdict> verdicts, Appendable out) {
        JsonWriter writer = new JsonWriter(out, true);
        writer.beginObject();
        writer.name("flyby").value(application.version());
        writer.name("guest").value(guest.title());
        writer.name("ok").value(verdicts.stream().allMatch(Verdict::isGood));
        writer.name("judges").beginArray();
        for (Verdict verdict : verdicts) {
            writer.beginObject();
            writer.name("judge").value(verdict.judge());
            writer.name("passed").safeValue(verdict.count(Outcome.PASSED));
            writer.name("failed").safeValue(verdict.count(Outcome.FAILED));
            writer.name("skipped").safeValue(verdict.count(Outcome.SKIPPED));
            writer.name("checks").beginArray();
            for (Finding finding : verdict.findings()) {
                writer.beginObject();
                writer.name("check").value(finding.check());
                writer.name("outcome").value(finding.outcome().name().toLowerCase(java.util.Locale.ROOT));
                writer.name("reason").value(finding.reason());
                writer.endObject();
            }
            writer.endArray();
            writer.endObject();
        }
        writer.endArray();
        writer.endObject();
        writer.endDocument();
    }
}
