package flyby.cli;

import flyby.base.LabException;
import flyby.record.RecordingSink;
import flyby.study.FileProblem;
import flyby.study.ScenarioLibrary;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The recordings of a scenario's runs. They are written as the runs go on, and stay if a run fails: that is what they
/// are for.
final class RecordingFiles implements AutoCloseable {
    /// Name of the device to name of its file.
    private final Map<String, String> files = new LinkedHashMap<>();
    private final List<OutputStream> streams = new ArrayList<>();
    private final Map<String, Integer> made = new LinkedHashMap<>();
    private boolean isOneRun = true;

    /// Those of the `DEVICE=FILE` arguments of `--record`.
    ///
    /// @throws LabException if an argument is no such
    RecordingFiles(List<String> arguments) {
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (equals <= 0 || equals == argument.length() - 1) {
                throw new LabException(
                        LabException.Kind.BAD_INPUT,
                        "--record",
                        "\"" + argument + "\"",
                        "device=file, as in sg0=life.flyrec");
            }
            files.put(argument.substring(0, equals), argument.substring(equals + 1));
        }
    }

    List<String> devices() {
        return List.copyOf(files.keySet());
    }

    /// Of several runs, each has files of its own: `life-RUN.flyrec`.
    void planned(List<String> runNames) {
        isOneRun = runNames.size() == 1;
    }

    /// Where the device called `device` is recorded in the run called `runName`.
    Optional<RecordingSink> sink(String runName, String device) {
        String file = files.get(device);
        return file == null ? Optional.empty() : Optional.of(open(isOneRun ? file : with(file, runName)));
    }

    private static String with(String file, String word) {
        int slash = file.lastIndexOf('/');
        int dot = file.lastIndexOf('.');
        return dot <= slash + 1 ? file + "-" + word : file.substring(0, dot) + "-" + word + file.substring(dot);
    }

    private RecordingSink open(String wanted) {
        // A run that builds several machines has several such devices.
        int count = made.merge(wanted, 1, Integer::sum);
        String file = count == 1 ? wanted : with(wanted, Integer.toString(count));
        try {
            OutputStream stream = Files.newOutputStream(ScenarioLibrary.path(file));
            streams.add(stream);
            return (bytes, offset, byteCount) -> {
                try {
                    stream.write(bytes, offset, byteCount);
                } catch (IOException e) {
                    throw FileProblem.of(file, e);
                }
            };
        } catch (IOException e) {
            throw FileProblem.of(file, e);
        }
    }

    @Override
    public void close() {
        for (OutputStream stream : streams) {
            try {
                stream.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
