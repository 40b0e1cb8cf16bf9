package flyby.report;

import flyby.machine.MachineLibrary;
import flyby.params.CatalogueText;
import flyby.params.Profile;
import flyby.params.Settings;
import flyby.topology.PartKind;
import java.util.List;

/// The page `docs/machines.md`, made from the code.
public final class MachineReference {
    private static final List<String> DRAWN =
            List.of("server-gen3-bdw", "server-2s", "board-arm", "desktop-switch", "desktop-isa", "pc-at-1984");

    private MachineReference() {}

    /// The page: how machines are written, what may be set on their parts, and pictures of shipped ones.
    public static String markdown() {
        StringBuilder page = new StringBuilder();
        page.append("""
                # Machines

                <!-- Made from the code by `./flyby docs`; a test fails while it differs. -->

                `./flyby list machines` names the machines that ship, `./flyby show MACHINE` draws one; so it does with
                the machine of a scenario, and with `--json` it tells every value, who set it and its source.

                A scenario whose kind runs on a machine with PCI Express (`engine-copy`, `bridged-sound`) may change
                that machine, in its file or with `--set machine.PATH=VALUE`:

                ```yaml
                title: Two engines behind a switch
                kind: engine-copy
                machine:
                  profile: server-gen3-bdw       # begin with this one
                  cpu.cores: 4                   # a value of the host
                  root-ports:
                    slot0: none                  # take away what the profile has
                    slot1:                       # a new root port
                      link: {generation: gen4, width: x16}
                      switch: fan-out            # a switch behind it, or functions
                  switches:
                    fan-out:
                      latency: 120 ns
                      ports:
                        a: {functions: {first: {device: copy-engine}}}
                        b: {functions: {second: {device: copy-engine, mrrs: 4 KiB}}}
                  isa-bridges:
                    lpc0:                        # one at most: the bus of a PC, with its DMA controllers
                      bus: pc-at-1984
                      cards: {sound0: {card: sound}, floppy0: {card: floppy}}
                ```

                Parts have names of small letters, digits and `-`. What cannot be is refused when the file is read,
                with file, line and column: unknown keys, links that do not exist, credits of zero, two functions with
                one number, a loop of switches or one plugged in twice, more devices than a bus holds, memory over
                registers, pages that the IOMMU does not support, two cards of an ISA bus at the same ports.
                """);
        for (PartKind kind : PartKind.values()) {
            String title = kind.title();
            page.append("\n## What may be set on ").append(title);
            page.append(
                    kind == PartKind.MACHINE
                            ? "\n\nUnder `machine:`.\n\n"
                            : "\n\nUnder `" + kind.group() + ":`, by name.\n\n");
            Settings standard =
                    Settings.of(kind.catalogue(), Profile.named("none", "").build(), List.of());
            page.append(CatalogueText.markdown(standard));
        }
        for (String name : DRAWN) {
            page.append("\n## ")
                    .append(name)
                    .append("\n\n```\n$ ./flyby show ")
                    .append(name)
                    .append('\n');
            page.append(SketchText.of(MachineLibrary.show(name, List.of()).sketch(), false))
                    .append("```\n");
        }
        return page.toString();
    }
}
