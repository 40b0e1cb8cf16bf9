package flyby.check;

/// What is left when the driver has gone.
final class Leaks {
    private Leaks() {}

    static void report(World world, ApiRules api) {
        for (Mapping mapping : world.ledger.alive()) {
            boolean hasFailed = api.failedPicos() >= mapping.sincePicos && !mapping.isUsed;
            Rule rule = hasFailed ? Rule.R27 : mapping.hasOwners() ? Rule.R22 : Rule.R55;
            Found found = world.findings.add(
                    rule,
                    Evidence.LEAK,
                    "%s is left when the driver has gone".formatted(mapping.describe()),
                    World.name(mapping.dma),
                    mapping.site,
                    mapping,
                    hasFailed
                            ? "When one of several maps or allocations fails, take back those before it."
                            : "Take back in one place that every outcome passes.");
            if (hasFailed && found.life.size() < 2) {
                found.life.add(
                        new Finding.Step(api.failedPicos(), "the next map or allocation failed", api.failedSite()));
            }
        }
    }
}
