package flyby.subjects;

import flyby.base.LabException;
import flyby.params.Nearest;
import flyby.params.Quote;
import flyby.trial.Subject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// All of them, by name.
public final class Subjects {
    /// What commands say of one.
    ///
    /// @param title one line
    /// @param maker of a new one for each run
    public record Entry(String name, String title, Supplier<Subject> maker) {}

    private static final List<Entry> ALL = List.of(
            new Entry("copy", "the copy engine", CopySubject::new),
            new Entry("isa-8237", "a sound card and an 8237A behind an ISA bridge", SoundSubject::new),
            new Entry("sg", "the scatter-gather engine, as dmaengine has it", SgSubject::new),
            new Entry("plx", "PLX's DMA engine", PlxSubject::new),
            new Entry("nvme", "an NVMe drive", NvmeSubject::new),
            new Entry("ring", "the ring device", RingSubject::new),
            new Entry("nic", "a small network card", NicSubject::new),
            new Entry("aperture", "a device with memory of its own", ApertureSubject::new));

    private Subjects() {}

    /// In the order in which lists have them.
    public static List<Entry> all() {
        return ALL;
    }

    /// The one that is called `name`.
    ///
    /// @throws LabException if there is none
    public static Entry named(String name) {
        Map<String, Entry> byName = new LinkedHashMap<>();
        ALL.forEach(each -> byName.put(each.name(), each));
        Entry found = byName.get(name);
        if (found == null) {
            throw new LabException(
                    LabException.Kind.BAD_INPUT,
                    "driver",
                    Quote.of(name),
                    "one of " + String.join(", ", byName.keySet()) + ", or a class on --class-path"
                            + Nearest.word(name, List.copyOf(byName.keySet()))
                                    .map(near -> "; did you mean " + near + "?")
                                    .orElse(""));
        }
        return found;
    }
}
