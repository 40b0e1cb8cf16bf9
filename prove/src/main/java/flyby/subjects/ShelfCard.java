package flyby.subjects;

import flyby.function.FunctionDescription;
import flyby.machine.DeviceShelf;
import flyby.params.Given;
import flyby.params.Origin;
import flyby.params.Settings;
import flyby.topology.Card;
import flyby.topology.DeviceKind;
import flyby.topology.FunctionCatalogue;
import java.util.ArrayList;
import java.util.List;

/// Cards with the device models of the shelf.
public final class ShelfCard {
    private ShelfCard() {}

    /// One of this kind.
    ///
    /// @param changes settings of the [FunctionCatalogue]: `nvme.size=8 MiB`
    public static Card of(DeviceKind kind, String... changes) {
        return make(kind, false, changes);
    }

    /// The same with a wire beside its message, as most cards have: for drivers that have the device take its interrupt
    /// back.
    public static Card wired(DeviceKind kind, String... changes) {
        return make(kind, true, changes);
    }

    private static Card make(DeviceKind kind, boolean isWired, String... changes) {
        List<Given> givens = new ArrayList<>();
        givens.add(new Given("device", kind.word(), Origin.DEFAULT));
        for (String change : changes) {
            String[] parts = change.split("=", 2);
            givens.add(new Given(parts[0], parts[1], Origin.DEFAULT));
        }
        Settings settings = Settings.resolve(FunctionCatalogue.PARAMETERS, List.of(), List.of(), givens);
        FunctionDescription what = DeviceShelf.describe(settings);
        return new Card(
                isWired ? what.withPin(1) : what,
                kind.registerBytes(),
                kind.memoryBytes(),
                host -> DeviceShelf.make(kind.word(), settings, host));
    }
}
