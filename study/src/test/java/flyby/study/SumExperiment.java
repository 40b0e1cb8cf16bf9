package flyby.study;

import flyby.base.LabException;
import flyby.params.Catalogue;
import flyby.params.Profile;
import flyby.params.Settings;
import flyby.params.Source;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// A tiny experiment to test the frame with: reads the input at so many picoseconds a byte.
final class SumExperiment implements Experiment {
    @Override
    public String kind() {
        return "sum";
    }

    @Override
    public String title() {
        return "reads its input";
    }

    @Override
    public Catalogue parameters() {
        return Catalogue.titled("sum")
                .duration("byte.time", "1 ns", "1 ps", "1 s", Source.assumed("a round number"), "Time of a byte.")
                .choices("runs", List.of("fast", "slow"), List.of("fast", "slow"), "Runs.")
                .flag("broken", false, "Whether the data is wrong.")
                .flag("bug", false, "Whether the experiment stops with an error of its own.")
                .build();
    }

    @Override
    public List<Profile> profiles() {
        return List.of();
    }

    @Override
    public List<String> runNames(Settings settings) {
        return settings.choices("runs");
    }

    @Override
    public RunResult run(String runName, RunContext context) {
        if (context.settings().flag("bug")) {
            throw new IllegalStateException("a bug of the experiment");
        }
        long bytes = 0;
        MessageDigest digest = sha256();
        byte[] chunk = new byte[1000];
        try (ByteSource source = context.input().open()) {
            for (int got = source.read(chunk, 0, chunk.length); got >= 0; got = source.read(chunk, 0, chunk.length)) {
                digest.update(chunk, 0, got);
                bytes += got;
                context.progress().at(bytes, context.input().length());
            }
        }
        long picos = bytes * context.settings().picos("byte.time") * (runName.equals("slow") ? 2 : 1);
        String sha = HexFormat.of().formatHex(digest.digest());
        boolean ok = !context.settings().flag("broken");
        String hash = HexFormat.of().toHexDigits(picos);
        return new RunResult(
                runName, bytes, picos, sha, ok, hash, Map.of("read", picos), List.of(), List.of(), List.of());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new LabException(LabException.Kind.BAD_INPUT, String.valueOf(e.getMessage()));
        }
    }
}
