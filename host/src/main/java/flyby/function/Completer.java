package flyby.function;

import flyby.base.LittleEndian;
import flyby.configuration.ConfigurationSpace;
import flyby.configuration.layout.ErrorRegisters;
import flyby.configuration.layout.HeaderRegisters;
import flyby.link.TransmitQueue;
import flyby.pcie.CompletionStatus;
import flyby.pcie.FlowClass;
import flyby.pcie.Packet;
import flyby.pcie.PacketPool;
import flyby.pcie.Segmentation;
import flyby.sim.DelayLine;
import flyby.sim.Simulation;

/// Answers what comes to a function: accesses to its registers and to its configuration space.
///
/// An access happens when its packet arrives; the completion of one that is answered follows after a fixed time.
final class Completer {
    /// The most bytes of one access to a device.
    private static final int ACCESS_BYTES_MAX = 8;

    private final PacketPool pool;
    private final TransmitQueue transmit;
    private final Function function;
    private final FunctionRegisters registers;
    private final BaseAddress[] regions;
    private final long[] bases;
    private final int accessBytesMax;
    private final long answerPicos;
    private final DelayLine<Packet> answers;

    Completer(
            Simulation simulation,
            PacketPool pool,
            TransmitQueue transmit,
            Function function,
            FunctionRegisters registers,
            FunctionDescription description,
            long answerPicos) {
        this.pool = pool;
        this.transmit = transmit;
        this.function = function;
        this.registers = registers;
        this.accessBytesMax = description.accessBytesMax();
        this.answerPicos = answerPicos;
        regions = description.baseAddresses().toArray(BaseAddress[]::new);
        bases = new long[regions.length];
        answers = new DelayLine<>(simulation, function.name() + " registers", transmit::send);
        for (BaseAddress region : regions) {
            define(registers.space(), region);
        }
        registers.space().whenWritten((_, _) -> decode());
    }

    /// Section 7.5.1.2.1: software finds the size by writing ones, and the lower bits do not take them.
    static void define(ConfigurationSpace space, BaseAddress region) {
        int register = HeaderRegisters.BASE_ADDRESS + 4 * region.index();
        long flags = HeaderRegisters.BASE_ADDRESS_IO.to(region.kind() == BaseAddress.Kind.IO ? 1 : 0)
                | HeaderRegisters.BASE_ADDRESS_TYPE.to(region.kind() == BaseAddress.Kind.MEMORY_64 ? 2 : 0)
                | HeaderRegisters.BASE_ADDRESS_PREFETCHABLE.to(region.isPrefetchable() ? 1 : 0);
        space.define(register, 4 * region.slots(), flags, -region.bytes(), 0);
    }

    private void decode() {
        for (int i = 0; i < regions.length; i++) {
            BaseAddress region = regions[i];
            int register = HeaderRegisters.BASE_ADDRESS + 4 * region.index();
            bases[i] = registers.space().get(register, 4 * region.slots()) & -region.bytes();
        }
    }

    /// Which region `packet` is for, or -1.
    int region(Packet packet) {
        boolean isIo = packet.kind() == Packet.Kind.IO_READ || packet.kind() == Packet.Kind.IO_WRITE;
        if (isIo ? !registers.hasIoSpace() : !registers.hasMemorySpace()) {
            return -1;
        }
        for (int i = 0; i < regions.length; i++) {
            boolean isSameSpace = isIo == (regions[i].kind() == BaseAddress.Kind.IO);
            long offset = packet.address() - bases[i];
            if (isSameSpace && offset >= 0 && offset <= regions[i].bytes() - packet.byteCount()) {
                return i;
            }
        }
        return -1;
    }

    /// A memory or I/O request for region `index`, as [#region] said: section 2.3.1.
    void access(Packet packet, int index) {
        if (packet.isPoisoned()) {
            function.set(HeaderRegisters.STATUS_DETECTED_PARITY_ERROR);
            function.report(ErrorRegisters.POISONED_RECEIVED, packet);
            if (packet.flow() == FlowClass.NON_POSTED) {
                answer(packet, CompletionStatus.UNSUPPORTED_REQUEST);
            }
            return;
        }
        if (packet.byteCount() > accessBytesMax) {
            abort(packet);
            return;
        }
        function.setCurrentTransfer(packet.transfer());
        int region = regions[index].index();
        long offset = packet.address() - bases[index];
        switch (packet.kind()) {
            case MEMORY_WRITE -> write(packet, region, offset);
            case IO_WRITE -> {
                write(packet, region, offset);
                answer(packet, CompletionStatus.SUCCESSFUL);
            }
            default -> read(packet, region, offset);
        }
        function.setCurrentTransfer(0);
    }

    private void abort(Packet packet) {
        if (packet.flow() == FlowClass.NON_POSTED) {
            function.set(HeaderRegisters.STATUS_SIGNALED_TARGET_ABORT);
            function.reportAdvisory(ErrorRegisters.COMPLETER_ABORT, packet);
            answer(packet, CompletionStatus.COMPLETER_ABORT);
        } else {
            function.report(ErrorRegisters.COMPLETER_ABORT, packet);
        }
    }

    /// Nothing here is meant by `packet`, or it may not be used: Unsupported Request, section 2.3.1.
    void refuse(Packet packet) {
        if (packet.flow() == FlowClass.NON_POSTED) {
            function.reportAdvisory(ErrorRegisters.UNSUPPORTED_REQUEST, packet);
            answer(packet, CompletionStatus.UNSUPPORTED_REQUEST);
        } else {
            function.report(ErrorRegisters.UNSUPPORTED_REQUEST, packet);
        }
    }

    private void write(Packet packet, int region, long offset) {
        int done = 0;
        while (done < packet.byteCount()) {
            int byteCount = accessBytes(offset + done, packet.byteCount() - done);
            writeRegister(region, offset + done, byteCount, LittleEndian.get(packet.data(), done, byteCount));
            done += byteCount;
        }
    }

    /// What a write to a region of the function does.
    void writeRegister(int region, long offset, int byteCount, long value) {
        MsixTable msix = function.interrupts().msix();
        if (msix != null && msix.isTable(region, offset)) {
            msix.writeTable(offset, byteCount, value);
            function.interrupts().changed();
        } else if (msix == null || !msix.isPendingBits(region, offset)) {
            function.device().writeRegister(region, offset, byteCount, value);
        }
    }

    private long readRegister(int region, long offset, int byteCount) {
        MsixTable msix = function.interrupts().msix();
        if (msix != null && msix.isTable(region, offset)) {
            return msix.readTable(offset, byteCount);
        }
        if (msix != null && msix.isPendingBits(region, offset)) {
            return msix.readPendingBits(offset, byteCount);
        }
        return function.device().readRegister(region, offset, byteCount);
    }

    private void read(Packet packet, int region, long offset) {
        Segmentation limits = registers.completions();
        int left = packet.byteCount();
        long at = packet.address();
        do {
            int count = Math.max(0, limits.completionBytes(at, left));
            Packet completion = completion(packet, CompletionStatus.SUCCESSFUL, at, count, left);
            int done = 0;
            while (done < count) {
                long from = offset + (at - packet.address()) + done;
                int byteCount = accessBytes(from, count - done);
                LittleEndian.put(readRegister(region, from, byteCount), completion.data(), done, byteCount);
                done += byteCount;
            }
            send(completion);
            left -= count;
            at += count;
        } while (left > 0);
    }

    /// How many bytes the next access to the device has: aligned, and at most 8.
    private static int accessBytes(long offset, int left) {
        int aligned = (int) Long.lowestOneBit(offset | ACCESS_BYTES_MAX);
        return Math.min(aligned, Integer.highestOneBit(left));
    }

    /// A configuration request of type 0: section 7.3.
    void configure(Packet packet) {
        ConfigurationSpace space = registers.space();
        int register = (int) packet.address();
        if (packet.kind() == Packet.Kind.CONFIGURATION_WRITE) {
            space.write(register, packet.byteCount(), LittleEndian.get(packet.data(), 0, packet.byteCount()));
            answer(packet, CompletionStatus.SUCCESSFUL);
        } else {
            Packet completion =
                    completion(packet, CompletionStatus.SUCCESSFUL, register, packet.byteCount(), packet.byteCount());
            LittleEndian.put(space.read(register, packet.byteCount()), completion.data(), 0, packet.byteCount());
            send(completion);
        }
    }

    /// Answers `packet` without data.
    void answer(Packet packet, CompletionStatus status) {
        send(completion(packet, status, packet.address(), 0, packet.byteCount()));
    }

    /// Completions that wait to be sent are lost.
    void linkDown() {
        while (answers.count() > 0) {
            answers.drop().recycle();
        }
    }

    private Packet completion(Packet request, CompletionStatus status, long address, int byteCount, int left) {
        Packet completion = pool.take()
                .completion(status, function.id(), request.requesterId(), request.tag(), address, byteCount, left);
        completion.attributes(request.relaxedOrdering(), request.noSnoop(), registers.hasIdOrderedCompletions());
        completion.transfer(request.transfer());
        return completion;
    }

    private void send(Packet completion) {
        if (answerPicos == 0) {
            transmit.send(completion);
        } else {
            answers.add(completion, answerPicos);
        }
    }
}
