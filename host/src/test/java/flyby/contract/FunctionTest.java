package flyby.contract;

import flyby.bus.DeviceHost;
import flyby.bus.Transaction.Status;
import flyby.configuration.layout.HeaderRegisters;
import flyby.function.Endpoint;
import flyby.function.EndpointParameters;
import flyby.function.Function;
import flyby.function.FunctionDescription;
import flyby.function.TestRoot;
import flyby.link.StraightLink;
import flyby.pcie.PacketPool;

/// A function of PCI Express as a host.
final class FunctionTest extends DeviceHostContract {
    @Override
    DeviceHost host() {
        PacketPool pool = new PacketPool(4_096);
        StraightLink link = new StraightLink(simulation, pool, 1_000);
        new TestRoot(pool, link.upstream(), memory, NOWHERE);
        Endpoint endpoint = new Endpoint(
                simulation,
                pool,
                "endpoint",
                link.downstream(),
                new EndpointParameters(256, 0, 0, false),
                (line, asserted) -> interrupts.add(line + " " + asserted));
        Function function =
                endpoint.add("function", FunctionDescription.of(1, 2, 0xff_0000).withPin(1));
        function.configuration().write(HeaderRegisters.COMMAND, 2, HeaderRegisters.COMMAND_BUS_MASTER_ENABLE.mask());
        return function;
    }

    /// Writes are posted: nobody answers.
    @Override
    Status statusOfALostWrite() {
        return Status.SUCCESS;
    }
}
