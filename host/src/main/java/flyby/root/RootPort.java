package flyby.root;

import flyby.bus.AddressType;
import flyby.bus.InterruptSink;
import flyby.configuration.ErrorReporting;
import flyby.configuration.layout.ErrorRegisters;
import flyby.iommu.InterruptRemapping;
import flyby.iommu.InterruptRequest;
import flyby.iommu.Translation;
import flyby.iommu.Translator;
import flyby.link.LinkEnd;
import flyby.link.TrainReceiver;
import flyby.link.TransmitQueue;
import flyby.memory.MemoryAgent;
import flyby.pcie.FlowClass;
import flyby.pcie.MessageCodes;
import flyby.pcie.Packet;
import flyby.pcie.PacketPool;
import flyby.pcie.WriteRun;
import flyby.register.BitField;
import flyby.sim.DelayLine;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a tree of devices meets memory and CPUs.
///
/// Requests are translated once they have crossed the port, as many at a time as the IOMMU can, so that a walk adds
/// all that it takes, as measured (pcie-bench, SIGCOMM 2018, section 6.5). They are performed in the order
/// that section 2.4.1 asks for: posted requests one after the other, reads and completions behind the posted
/// requests that arrived before them, so that whoever sees the answer sees the data too. Reads are answered as
/// memory answers, in any order.
///
/// Without an IOMMU every posted request is performed the same time after its arrival, and so the packets of a run
/// may come as a train, if memory is steady. Those that are under way when Bus Master Enable is cleared are still
/// performed.
public final class RootPort implements TrainReceiver {
    private final Simulation simulation;
    private final Trace trace;
    private final RootComplex root;
    private final String name;
    private final int id;
    private final LinkEnd end;
    private final MemoryAgent memory;
    private final Translator translator;
    private final InterruptRemapping remapping;
    private final Bridge bridge;
    private final TransmitQueue queue;
    private final List<TransmitQueue> peers = new ArrayList<>();
    private final OutboundWrites writes;

    private final InterruptSink wires;

    private final DelayLine<Inbound> arriving;
    private final DelayLine<Packet> freeing;
    private final DelayLine<Packet> leaving;
    private final Completer completer;
    private final RootErrors rootErrors;
    private final int track;
    private final int writeName;
    private final int readName;
    private final int refusedName;

    /// Posted requests by arrival; those in the middle that have been performed are still there.
    private @Nullable Inbound firstPosted;

    private @Nullable Inbound lastPosted;
    /// Others, ready but for the posted requests before them, by when they became ready.
    private @Nullable Inbound firstHeld;

    private @Nullable Inbound lastHeld;
    private @Nullable Inbound unused;
    private long nextSerial;

    RootPort(
            Simulation simulation,
            PacketPool pool,
            RootComplex root,
            String name,
            int id,
            LinkEnd end,
            MemoryAgent memory,
            Translator translator,
            InterruptRemapping remapping) {
        this.simulation = simulation;
        this.trace = simulation.trace();
        this.root = root;
        this.name = name;
        this.id = id;
        this.end = end;
        this.memory = memory;
        this.translator = translator;
        this.remapping = remapping;
        bridge = new Bridge(Bridge.Kind.ROOT_PORT, false, root.parameters().limits(), end::holdReset);
        queue = end.queue(name);
        writes = new OutboundWrites(root.parameters().outboundWritesMax(), queue);
        arriving = new DelayLine<>(simulation, name + " requests", this::ready);
        freeing = new DelayLine<>(simulation, name + " writes", this::release);
        leaving = new DelayLine<>(simulation, name + " from CPUs", queue::send);
        completer = new Completer(simulation, pool, root.parameters(), bridge, memory, queue, name);
        rootErrors = new RootErrors(bridge.space(), bridge.errors().offset());
        track = trace.track(name, "requests");
        writeName = trace.name("write");
        readName = trace.name("read");
        refusedName = trace.name("refused");
        wires = root.wires().input(id >>> 3);
        bridge.linkActive(end.isUp());
        end.receiver(this);
    }

    /// The root complex has another port. Its requests to what is below this one have a queue of their own here.
    void addPeer(RootPort peer) {
        TransmitQueue fromPeer = end.queue("from " + peer.name);
        fromPeer.whenSent(peer.end::free);
        peers.add(fromPeer);
    }

    /// Bus, device and function number.
    public int id() {
        return id;
    }

    /// What it is called in reports.
    public String name() {
        return name;
    }

    /// Where what is below asserts INTA to INTD, 0 to 3.
    public InterruptSink wires() {
        return wires;
    }

    Bridge bridge() {
        return bridge;
    }

    OutboundWrites writes() {
        return writes;
    }

    /// Sends a request of a CPU.
    void send(Packet packet) {
        leaving.add(packet, root.parameters().processorPicos());
    }

    boolean isUp() {
        return end.isUp();
    }

    @Override
    public void received(Packet packet) {
        Inbound inbound = take();
        inbound.begin(packet, nextSerial++);
        if (packet.flow() == FlowClass.POSTED) {
            lastPosted = append(lastPosted, inbound);
            if (firstPosted == null) {
                firstPosted = inbound;
            }
        }
        arriving.add(inbound, root.parameters().requestPicos());
    }

    @Override
    public long holdPicos(WriteRun run) {
        long memoryPicos = memory.steadyWritePicos();
        boolean isPlain = translator instanceof WithoutIommu
                && remapping instanceof WithoutIommu
                && memoryPicos != MemoryAgent.UNSTEADY
                && bridge.isBusMaster()
                && !run.isPoisoned()
                && run.addressType() == AddressType.UNTRANSLATED
                && !MessageInterrupts.includes(run.address(), run.leftBytes())
                && memory.holds(run.address(), (int) run.leftBytes());
        return isPlain ? root.parameters().requestPicos() + memoryPicos : ONE_BY_ONE;
    }

    @Override
    public long usedPicos(long arrivedPicos) {
        long now = simulation.nowPicos();
        return (simulation.isOver(now, arriving) ? now + 1 : now)
                - root.parameters().requestPicos();
    }

    @Override
    public void arrived(byte[] data, int offset, int byteCount, long address) {
        memory.write(address, data, offset, byteCount, true);
    }

    void translated(Inbound inbound) {
        inbound.translated();
        if (inbound.isReady()) {
            advance(inbound);
        }
    }

    private void ready(Inbound inbound) {
        end.catchUp();
        inbound.arrive();
        if (inbound.ask(translator, remapping)) {
            translated(inbound);
        }
    }

    /// `inbound` is ready: performs it, if the order allows it, and what had to wait for it.
    private void advance(Inbound inbound) {
        if (inbound.packet().flow() == FlowClass.POSTED) {
            if (inbound == firstPosted) {
                performPosted();
            } else if (mayOvertake(inbound)) {
                perform(inbound);
                performHeld();
            }
        } else if (mayOvertake(inbound)) {
            perform(inbound);
            give(inbound);
        } else {
            lastHeld = append(lastHeld, inbound);
            if (firstHeld == null) {
                firstHeld = inbound;
            }
        }
    }

    private void performPosted() {
        Inbound first = firstPosted;
        while (first != null && (first.isPerformed() || first.isReady())) {
            firstPosted = first.next;
            if (firstPosted == null) {
                lastPosted = null;
            }
            if (!first.isPerformed()) {
                perform(first);
            }
            give(first);
            first = firstPosted;
        }
        performHeld();
    }

    private void performHeld() {
        Inbound before = null;
        Inbound held = firstHeld;
        while (held != null) {
            Inbound next = held.next;
            if (mayOvertake(held)) {
                if (before == null) {
                    firstHeld = next;
                } else {
                    before.next = next;
                }
                if (next == null) {
                    lastHeld = before;
                }
                perform(held);
                give(held);
            } else {
                before = held;
            }
            held = next;
        }
    }

    /// Whether `inbound` need not wait for the posted requests that arrived before it: section 2.4.1.
    private boolean mayOvertake(Inbound inbound) {
        if (inbound.isRelaxed()) {
            return true;
        }
        Inbound before = firstPosted;
        while (before != null && before.serial() < inbound.serial()) {
            if (!before.isPerformed() && !inbound.mayPass(before)) {
                return false;
            }
            before = before.next;
        }
        return true;
    }

    private void perform(Inbound inbound) {
        Packet packet = inbound.packet();
        switch (packet.kind()) {
            case MEMORY_WRITE -> write(packet, inbound);
            case MEMORY_READ -> read(packet, inbound);
            case MESSAGE -> message(packet);
            case COMPLETION -> completion(packet);
            // Nothing in a root complex answers to these from below: section 1.3.1.
            case IO_READ, IO_WRITE, CONFIGURATION_READ, CONFIGURATION_WRITE -> refuse(packet);
        }
        inbound.perform();
    }

    private void write(Packet packet, Inbound inbound) {
        if (packet.isPoisoned()) {
            drop(packet, ErrorRegisters.POISONED_RECEIVED);
        } else if (MessageInterrupts.isInterrupt(packet)) {
            interrupt(packet, inbound.interrupt);
        } else if (!bridge.isBusMaster() || !inbound.translation.isAllowed()) {
            refuse(packet);
        } else if (memory.holds(inbound.translation.address(), packet.byteCount())) {
            long address = inbound.translation.address();
            trace(writeName, packet, address);
            long picos =
                    memory.write(address, packet.data(), 0, packet.byteCount(), isSnooped(packet, inbound.translation));
            if (picos == 0 && freeing.count() == 0) {
                release(packet);
            } else {
                freeing.add(packet, picos);
            }
        } else {
            toPeer(packet, inbound.translation.address());
        }
    }

    private void interrupt(Packet packet, InterruptRequest request) {
        if (!bridge.isBusMaster() || !MessageInterrupts.isMessage(packet)) {
            refuse(packet);
            return;
        }
        if (request.isAllowed()) {
            root.interrupts().deliver(request);
        }
        // If not, the fault has been recorded: there is nobody else to tell.
        release(packet);
    }

    private static boolean isSnooped(Packet packet, Translation translation) {
        return !packet.noSnoop() || translation.isSnoopForced();
    }

    private void read(Packet packet, Inbound inbound) {
        if (packet.addressType() == AddressType.TRANSLATION_REQUEST && inbound.translation.isAllowed()) {
            completer.answerQuestion(packet, inbound.translation);
            release(packet);
        } else if (!bridge.isBusMaster() || !inbound.translation.isAllowed()) {
            refuse(packet);
        } else if (memory.holds(inbound.translation.address(), packet.byteCount())) {
            trace(readName, packet, inbound.translation.address());
            completer.answer(packet, inbound.translation, isSnooped(packet, inbound.translation));
            release(packet);
        } else {
            toPeer(packet, inbound.translation.address());
        }
    }

    private void toPeer(Packet packet, long address) {
        RootPort peer = root.parameters().peerToPeer() ? root.portOfMemory(address) : null;
        if (peer == null || !peer.isUp()) {
            refuse(packet);
        } else {
            packet.address(address);
            packet.addressType(AddressType.UNTRANSLATED);
            peer.peers.get(root.indexOf(this)).send(packet);
        }
    }

    /// Unsupported Request: section 2.3.1. A read is told so, a write is dropped.
    private void refuse(Packet packet) {
        if (packet.flow() == FlowClass.NON_POSTED) {
            completer.refuse(packet);
        }
        drop(packet, ErrorRegisters.UNSUPPORTED_REQUEST);
    }

    private void drop(Packet packet, BitField error) {
        trace(refusedName, packet, packet.address());
        // Whoever is answered hears of it anyway, and so does whoever has sent an answer for nothing.
        boolean isAdvisory = packet.flow() != FlowClass.POSTED;
        ErrorReporting errors = bridge.errors();
        report(isAdvisory ? errors.advisory(error, packet) : errors.uncorrectable(error, packet));
        release(packet);
    }

    private void report(int code) {
        if (code != ErrorReporting.NO_MESSAGE) {
            rootErrors.received(code, id);
        }
    }

    /// A CPU has waited in vain for an answer from below: section 2.8.
    void timedOut() {
        report(bridge.errors().uncorrectable(ErrorRegisters.COMPLETION_TIMEOUT, null));
    }

    private void message(Packet packet) {
        int code = (int) packet.address();
        if (RootErrors.isMessage(code)) {
            rootErrors.received(code, packet.requesterId());
        } else if (code == MessageCodes.INVALIDATE_COMPLETION) {
            root.invalidated(packet.tag());
        }
        release(packet);
    }

    private void completion(Packet packet) {
        RootPort peer = packet.requesterId() == RootComplex.ID ? null : root.portOfBus(packet.requesterId() >>> 8);
        if (peer != null && peer.isUp() && root.parameters().peerToPeer()) {
            peer.peers.get(root.indexOf(this)).send(packet);
        } else if (root.tags().complete(packet)) {
            release(packet);
        } else {
            drop(packet, ErrorRegisters.UNEXPECTED_COMPLETION);
        }
    }

    private void release(Packet packet) {
        end.free(packet);
        packet.recycle();
    }

    private void trace(int what, Packet packet, long address) {
        if (trace.isOn()) {
            trace.instant(simulation.nowPicos(), track, what, packet.transfer(), address);
        }
    }

    @Override
    public void linkChanged(boolean up) {
        bridge.linkActive(up);
        if (!up) {
            root.linkDown(this);
        }
    }

    /// Who waits here, and for what: one sentence each.
    public List<String> waiting() {
        List<String> sentences = new ArrayList<>();
        for (Inbound each = firstPosted; each != null; each = each.next) {
            if (!each.isPerformed() && !each.isTranslated()) {
                sentences.add(name + ": " + each.packet() + " waits for the IOMMU");
            }
        }
        for (Inbound each = firstHeld; each != null; each = each.next) {
            sentences.add(name + ": " + each.packet() + " waits for writes before it");
        }
        writes.describe(name, sentences);
        return sentences;
    }

    private static Inbound append(@Nullable Inbound last, Inbound inbound) {
        if (last != null) {
            last.next = inbound;
        }
        return inbound;
    }

    private Inbound take() {
        Inbound inbound = unused;
        if (inbound == null) {
            return new Inbound(this);
        }
        unused = inbound.next;
        inbound.next = null;
        return inbound;
    }

    private void give(Inbound inbound) {
        inbound.next = unused;
        unused = inbound;
    }
}
