package flyby.root;

import flyby.configuration.ErrorReporting;
import flyby.configuration.layout.ErrorRegisters;
import flyby.link.LinkEnd;
import flyby.link.PacketReceiver;
import flyby.link.TransmitQueue;
import flyby.pcie.CompletionStatus;
import flyby.pcie.FlowClass;
import flyby.pcie.Packet;
import flyby.register.BitField;
import flyby.sim.DelayLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One port of a [Switch]: a bridge, the end of a link, and the way through the switch of what comes in here.
final class SwitchPort implements PacketReceiver {
    private final Switch owner;
    private final String name;
    private final int number;
    private final LinkEnd end;
    private final Bridge bridge;
    private final TransmitQueue queue;
    /// Where what came in by the port with this number waits to leave by this one.
    private final List<@Nullable TransmitQueue> queues = new ArrayList<>();

    private final DelayLine<Packet> inside;
    private int bus;
    private int waitingCount;

    /// @param number 0 for the upstream port, device number + 1 for the others
    SwitchPort(Switch owner, String name, Bridge.Kind kind, int number, LinkEnd end) {
        this.owner = owner;
        this.name = name;
        this.number = number;
        this.end = end;
        bridge = new Bridge(kind, false, owner.limits(), number == 0 ? owner::resetBelow : end::holdReset);
        queue = end.queue(name);
        inside = new DelayLine<>(owner.simulation(), name, packet -> owner.route(this, packet));
        bridge.linkActive(end.isUp());
        end.receiver(this);
    }

    /// What comes in by `ingress` may leave here.
    void connect(SwitchPort ingress) {
        TransmitQueue from = end.queue(ingress.name);
        from.whenSent(packet -> {
            waitingCount--;
            ingress.end.free(packet);
        });
        while (queues.size() <= ingress.number) {
            queues.add(null);
        }
        queues.set(ingress.number, from);
    }

    Bridge bridge() {
        return bridge;
    }

    /// Bus, device and function number, as far as software has said them.
    private int id() {
        return number == 0 ? bus << 8 : (owner.upstream().bridge().secondaryBus() << 8) | ((number - 1) << 3);
    }

    /// The bus of the link above, which configuration requests of Type 0 tell: section 2.2.6.2.
    void captureBus(int newBus) {
        bus = newBus;
    }

    @Override
    public void received(Packet packet) {
        inside.add(packet, owner.latencyPicos());
    }

    /// Lets `packet`, which came in here, leave by `egress`.
    void forward(SwitchPort egress, Packet packet) {
        if (egress.end.isUp()) {
            egress.leave(this, packet);
        } else {
            // Section 2.9.1: the port answers for what is not there.
            refuse(packet);
        }
    }

    private void leave(SwitchPort ingress, Packet packet) {
        TransmitQueue from = Objects.requireNonNull(queues.get(ingress.number));
        waitingCount++;
        from.send(packet);
    }

    /// Unsupported Request: section 2.3.1.
    void refuse(Packet packet) {
        block(packet, ErrorRegisters.UNSUPPORTED_REQUEST, CompletionStatus.UNSUPPORTED_REQUEST);
    }

    /// Lets `packet` go no further. If it is answered at all, `status` is the answer.
    void block(Packet packet, BitField error, CompletionStatus status) {
        // Whoever is answered hears of it anyway, and so does whoever has sent an answer for nothing.
        boolean isAdvisory = packet.flow() != FlowClass.POSTED;
        ErrorReporting errors = bridge.errors();
        int code = isAdvisory ? errors.advisory(error, packet) : errors.uncorrectable(error, packet);
        if (packet.flow() == FlowClass.NON_POSTED) {
            queue.send(answer(packet, status, id(), 0));
        }
        if (code != ErrorReporting.NO_MESSAGE && owner.upstream().bridge().passesErrors()) {
            owner.upstream().queue.send(owner.pool().take().message(code, id(), 0, 0));
        }
        consume(packet);
    }

    /// Reads or writes a register of `target`, and answers.
    void configure(Bridge target, Packet packet) {
        boolean write = packet.kind() == Packet.Kind.CONFIGURATION_WRITE;
        Packet answer = answer(packet, CompletionStatus.SUCCESSFUL, packet.targetId(), write ? 0 : packet.byteCount());
        target.configure(packet, answer);
        queue.send(answer);
        consume(packet);
    }

    private Packet answer(Packet request, CompletionStatus status, int completerId, int byteCount) {
        Packet answer = owner.pool()
                .take()
                .completion(
                        status,
                        completerId,
                        request.requesterId(),
                        request.tag(),
                        request.address(),
                        byteCount,
                        request.byteCount());
        answer.attributes(request.relaxedOrdering(), request.noSnoop(), false);
        answer.transfer(request.transfer());
        return answer;
    }

    /// `packet` ends here.
    void consume(Packet packet) {
        end.free(packet);
        packet.recycle();
    }

    /// Resets what is below, or lets it go: section 6.6.1.
    void holdReset(boolean held) {
        end.holdReset(held);
    }

    @Override
    public void linkChanged(boolean up) {
        bridge.linkActive(up);
        if (number == 0) {
            if (!up) {
                bridge.reset();
            }
            owner.resetBelow(!up);
        }
    }

    void describe(List<String> sentences) {
        if (waitingCount > 0) {
            sentences.add("%s: %d packets wait for the link".formatted(name, waitingCount));
        }
    }
}
