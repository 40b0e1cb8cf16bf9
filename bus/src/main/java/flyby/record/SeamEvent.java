package flyby.record;

import flyby.bus.AddressType;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.bus.Transaction.Tenure;
import java.util.Locale;

/// One thing that crosses the seam. A transaction in flight has a number, the smallest that was free.
sealed interface SeamEvent {
    /// What the host does to the device: during it, the device acts.
    sealed interface Stimulus extends SeamEvent {}

    /// What the device does, and what it answers.
    sealed interface Action extends SeamEvent {}

    /// What the device was told when it asked, other than what time passes between events.
    sealed interface Told extends SeamEvent {}

    record RegisterRead(int region, long offset, int byteCount) implements Stimulus {
        @Override
        public String toString() {
            return "register read %d:0x%x+%d".formatted(region, offset, byteCount);
        }
    }

    record RegisterWrite(int region, long offset, int byteCount, long value) implements Stimulus {
        @Override
        public String toString() {
            return "register write %d:0x%x+%d of 0x%x".formatted(region, offset, byteCount, value);
        }
    }

    record Reset() implements Stimulus {
        @Override
        public String toString() {
            return "reset";
        }
    }

    record AlarmFired(int alarm) implements Stimulus {
        @Override
        public String toString() {
            return "alarm %d fires".formatted(alarm);
        }
    }

    record Started(int number) implements Stimulus {
        @Override
        public String toString() {
            return "transaction %d starts".formatted(number);
        }
    }

    /// An access is over.
    ///
    /// @param bytes those of a READ, whatever the status; of a WRITE there are none
    record Completed(int number, Status status, ByteRun bytes) implements Stimulus {
        @Override
        public String toString() {
            String how = "transaction %d completes: %s".formatted(number, status);
            return bytes.count() == 0 ? how : how + ", bytes " + bytes;
        }
    }

    record Entered(int entrance) implements Stimulus {
        @Override
        public String toString() {
            return "entrance %d is used".formatted(entrance);
        }
    }

    record Answered(long value) implements Action {
        @Override
        public String toString() {
            return "answer 0x%x".formatted(value);
        }
    }

    record Submitted(
            int number,
            Kind kind,
            long iova,
            int byteCount,
            Tenure tenure,
            boolean relaxedOrdering,
            boolean noSnoop,
            AddressType addressType)
            implements Action {
        @Override
        public String toString() {
            StringBuilder text = new StringBuilder("transaction %d: %s 0x%x+%d"
                    .formatted(number, kind.name().toLowerCase(Locale.ROOT), iova, byteCount));
            if (tenure != Tenure.RELEASE) {
                text.append(", tenure ").append(tenure);
            }
            if (relaxedOrdering) {
                text.append(", relaxed ordering");
            }
            if (noSnoop) {
                text.append(", no snoop");
            }
            if (addressType != AddressType.UNTRANSLATED) {
                text.append(", ").append(addressType);
            }
            return text.toString();
        }
    }

    /// The bytes that a WRITE has when it starts.
    record Carried(int number, ByteRun bytes) implements Action {
        @Override
        public String toString() {
            return "transaction %d writes %d bytes: %s".formatted(number, bytes.count(), bytes);
        }
    }

    record Interrupted(int vector, boolean asserted) implements Action {
        @Override
        public String toString() {
            return "interrupt %d %s".formatted(vector, asserted ? "asserted" : "deasserted");
        }
    }

    record AlarmMade(String name) implements Action {
        @Override
        public String toString() {
            return "a new alarm: " + name;
        }
    }

    record AlarmAt(int alarm, long timePicos) implements Action {
        @Override
        public String toString() {
            return "alarm %d set to %d ps".formatted(alarm, timePicos);
        }
    }

    record AlarmIn(int alarm, long delayPicos) implements Action {
        @Override
        public String toString() {
            return "alarm %d set to %d ps from now".formatted(alarm, delayPicos);
        }
    }

    record AlarmCancelled(int alarm) implements Action {
        @Override
        public String toString() {
            return "alarm %d cancelled".formatted(alarm);
        }
    }

    record EntranceMade(String name) implements Action {
        @Override
        public String toString() {
            return "a new entrance: " + name;
        }
    }

    /// The clock has gone on since the event before.
    ///
    /// @param questionsBefore how often the device had asked since that event and heard the same time
    record ClockRead(int questionsBefore) implements Told {
        @Override
        public String toString() {
            return "the clock is read";
        }
    }

    /// The device asked for a fault of its own, and there was one.
    ///
    /// @param questionsBefore how often the device had asked since the event before and heard of no fault
    record FaultTold(int questionsBefore, long value) implements Told {
        @Override
        public String toString() {
            return "a fault of the device's own: 0x%x".formatted(value);
        }
    }

    record InputTold(long value, ByteRun bytes) implements Told {
        @Override
        public String toString() {
            return "input %d with %d bytes: %s".formatted(value, bytes.count(), bytes);
        }
    }

    /// The recording was closed.
    ///
    /// @param events how many there were before
    record Ended(long events) implements SeamEvent {
        @Override
        public String toString() {
            return "end of the recording";
        }
    }
}
