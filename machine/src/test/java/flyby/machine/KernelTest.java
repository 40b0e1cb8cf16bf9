package flyby.machine;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.Completion;
import flyby.configuration.layout.HeaderRegisters;
import flyby.dma.Attributes;
import flyby.driver.CopyEngineDriver;
import flyby.kernel.Errno;
import flyby.kernel.Interrupts.Result;
import flyby.kernel.IoMemory;
import flyby.kernel.Kernel;
import flyby.kernel.Napi;
import flyby.kernel.Tasklet;
import flyby.kernel.WaitQueue;
import flyby.kernel.WorkQueue;
import flyby.pci.PciDevice;
import flyby.pci.PciDriver;
import flyby.sim.Simulation;
import flyby.sim.Time;
import flyby.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// What drivers are given beside the DMA API, on a server's core: by Linux's documentation of each.
final class KernelTest {
    private static final int VECTOR = 0xf0;
    private static final long US = Time.MICROSECOND;

    private final Simulation simulation = new Simulation(1, Trace.off());
    private final PcieMachine machine =
            new PcieMachine(simulation, MachineLibrary.modern("server-gen3-bdw", List.of()));
    private final List<String> seen = new ArrayList<>();

    /// Runs `program` to its end; what it throws comes out.
    private void run(Consumer<KernelSetup> program) {
        machine.cpu().run(cpu -> {
            program.accept(new KernelSetup(machine, cpu));
            simulation.stop();
        });
        simulation.run();
    }

    /// A message for [#VECTOR] after `picos`.
    private void interruptAfter(long picos) {
        simulation
                .event("interrupt", () -> machine.cpu().vectors().interrupt(VECTOR, true))
                .in(picos);
    }

    @Test
    void aThreadDoesWhatAHandlerLeaves() {
        run(setup -> {
            Kernel kernel = setup.kernel();
            Completion done = new Completion("the thread");
            kernel.interrupts()
                    .requestThreaded(
                            VECTOR,
                            "dev",
                            () -> {
                                seen.add("hard " + kernel.cpu().inAtomicContext());
                                return Result.WAKE_THREAD;
                            },
                            () -> {
                                // A thread may wait, and the line is off meanwhile.
                                if (seen.size() == 1) {
                                    interruptAfter(US);
                                }
                                kernel.sleep(5 * US);
                                seen.add("thread " + kernel.cpu().inAtomicContext());
                                if (seen.size() == 4) {
                                    done.complete();
                                }
                                return Result.HANDLED;
                            });
            interruptAfter(US);
            kernel.cpu().await(done);
        });

        assertThat(seen).containsExactly("hard true", "thread false", "hard true", "thread false");
    }

    @Test
    void freeingWaitsForTheThread() {
        run(setup -> {
            Kernel kernel = setup.kernel();
            kernel.interrupts().requestThreaded(VECTOR, "dev", null, () -> {
                kernel.sleep(20 * US);
                seen.add("thread ends");
                return Result.HANDLED;
            });
            interruptAfter(US);
            kernel.sleep(10 * US);
            kernel.interrupts().free(VECTOR, "dev");
            seen.add("freed");
            interruptAfter(US);
            kernel.sleep(10 * US);
            kernel.interrupts().free(VECTOR, "dev");
            assertThat(kernel.log().warnings()).containsExactly("Trying to free already-free IRQ 240");
        });

        assertThat(seen).containsExactly("thread ends", "freed");
    }

    @Test
    void aSharedLineAsksAllWhoHandleIt() {
        run(setup -> {
            Kernel kernel = setup.kernel();
            for (String name : List.of("a", "b")) {
                kernel.interrupts().request(VECTOR, name, () -> {
                    seen.add(name);
                    return name.equals("b") ? Result.HANDLED : Result.NONE;
                });
            }
            assertThat(kernel.interrupts().request(VECTOR, "a", () -> Result.NONE))
                    .isEqualTo(-Errno.EBUSY);
            interruptAfter(US);
            kernel.sleep(10 * US);
            kernel.interrupts().free(VECTOR, "a");
            interruptAfter(US);
            kernel.sleep(10 * US);
        });

        assertThat(seen).containsExactly("a", "b", "b");
    }

    @Test
    void anInterruptThatIsOffIsRemembered() {
        run(setup -> {
            Kernel kernel = setup.kernel();
            kernel.interrupts().request(VECTOR, "dev", () -> {
                seen.add("handled");
                return Result.HANDLED;
            });
            kernel.interrupts().disable(VECTOR);
            interruptAfter(US);
            kernel.sleep(10 * US);
            seen.add("on again");
            kernel.interrupts().enable(VECTOR);
            kernel.sleep(US);
        });

        assertThat(seen).containsExactly("on again", "handled");
    }

    @Test
    void workIsDoneInOrderAndMayWait() {
        run(setup -> {
            Kernel kernel = setup.kernel();
            WorkQueue queue = new WorkQueue(kernel, "events");
            WorkQueue.Work slow = queue.work("slow", () -> {
                kernel.sleep(10 * US);
                seen.add("slow");
            });
            WorkQueue.Work quick = queue.work("quick", () -> seen.add("quick"));
            WorkQueue.Work late = queue.work("late", () -> seen.add("late"));
            WorkQueue.Work never = queue.work("never", () -> seen.add("never"));
            kernel.interrupts().request(VECTOR, "dev", () -> {
                seen.add("queued " + slow.queue() + quick.queue() + quick.queue());
                return Result.HANDLED;
            });
            late.queueDelayed(50 * US);
            never.queueDelayed(50 * US);
            interruptAfter(US);
            kernel.sleep(2 * US);
            assertThat(never.cancelSync()).isTrue();
            quick.flush();
            seen.add("flushed");
            kernel.sleep(100 * US);
            queue.destroy();
            assertThat(quick.queue()).isFalse();
        });

        assertThat(seen).containsExactly("queued truetruefalse", "slow", "quick", "flushed", "late");
    }

    @Test
    void taskletsRunOnceRightAfterTheirHandler() {
        run(setup -> {
            Kernel kernel = setup.kernel();
            Tasklet tasklet = new Tasklet(kernel, () -> seen.add("tasklet"));
            kernel.interrupts().request(VECTOR, "dev", () -> {
                tasklet.schedule();
                tasklet.schedule();
                seen.add("hard");
                return Result.HANDLED;
            });
            interruptAfter(US);
            kernel.sleep(10 * US);
            // In no interrupt, it is left to a thread.
            tasklet.schedule();
            seen.add("scheduled");
            kernel.sleep(10 * US);
            tasklet.kill();
            tasklet.schedule();
            kernel.sleep(10 * US);
        });

        assertThat(seen).containsExactly("hard", "tasklet", "scheduled", "tasklet");
    }

    /// 150 packets are there at once: two polls with all of their budget, one with the rest. An interrupt that comes
    /// while one polls is not lost.
    @Test
    void pollingGoesOnWhileThereIsWork() {
        run(setup -> {
            Kernel kernel = setup.kernel();
            int[] packets = {150};
            Napi[] napi = new Napi[1];
            napi[0] = new Napi(kernel, "eth0", Napi.WEIGHT, budget -> {
                int work = Math.min(budget, packets[0]);
                packets[0] -= work;
                seen.add("poll " + work);
                if (work < budget) {
                    if (seen.size() == 3) {
                        napi[0].schedule();
                    }
                    seen.add("interrupt on " + napi[0].completeDone(work));
                }
                return work;
            });
            kernel.interrupts().request(VECTOR, "dev", () -> {
                napi[0].schedule();
                return Result.HANDLED;
            });
            interruptAfter(US);
            kernel.sleep(10 * US);
            assertThat(seen).as("it is not enabled").isEmpty();
            napi[0].enable();
            interruptAfter(US);
            kernel.sleep(50 * US);
            napi[0].disable();
        });

        assertThat(seen)
                .containsExactly("poll 64", "poll 64", "poll 22", "interrupt on false", "poll 0", "interrupt on true");
    }

    @Test
    void waitersLookAgainWhenTheyAreWoken() {
        run(setup -> {
            Kernel kernel = setup.kernel();
            WaitQueue queue = new WaitQueue(kernel, "two packets");
            int[] packets = new int[1];
            kernel.interrupts().request(VECTOR, "dev", () -> {
                packets[0]++;
                queue.wakeUp();
                return Result.HANDLED;
            });
            interruptAfter(US);
            assertThat(queue.waitUntil(() -> packets[0] == 2, 10 * US)).isFalse();
            interruptAfter(US);
            queue.waitUntil(() -> packets[0] == 2);
            assertThat(queue.waitUntil(() -> packets[0] == 2, US)).isTrue();
        });
    }

    @Test
    void pollingForARegisterGivesUp() {
        run(setup -> {
            Kernel kernel = setup.kernel();
            long begin = kernel.cpu().nowPicos();
            assertThat(kernel.poll(() -> false, US, 10 * US)).isEqualTo(-Errno.ETIMEDOUT);
            assertThat(kernel.cpu().nowPicos() - begin).isGreaterThanOrEqualTo(10 * US);
            assertThat(kernel.poll(() -> true, US, 10 * US)).isZero();
        });
    }

    @Test
    void aDriverIsProbedAndRemoved() {
        run(setup -> {
            PciDevice device = setup.pci(machine.device("copy0"));
            Copier copier = new Copier();
            assertThat(device.bind(copier)).isZero();
            assertThat(device.bind(copier)).isEqualTo(-Errno.EBUSY);
            CopyEngineDriver driver = (CopyEngineDriver) requireNonNull(device.driverData());
            assertThat(driver.copy(0x20_0000, 0x30_0000, 4096)).isZero();
            device.unbind();
            assertThat(device.driverData()).isNull();
            assertThat(device.bind(copier)).as("the interrupt is free again").isZero();

            assertThat(isMaster()).isTrue();
            device.clearMaster();
            assertThat(isMaster()).isFalse();
        });
    }

    private boolean isMaster() {
        var space = machine.device("copy0").function().configuration();
        return HeaderRegisters.COMMAND_BUS_MASTER_ENABLE.isSet(space.get(HeaderRegisters.COMMAND, 2));
    }

    @Test
    void anAccessBeyondARegionIsNotMade() {
        run(setup -> {
            IoMemory registers =
                    requireNonNull(setup.pci(machine.device("copy0")).map(0));
            assertThat(registers.read32(registers.byteCount() - 2)).isEqualTo(0xffff_ffffL);
            assertThat(setup.kernel().log().warnings()).hasSize(1);
            assertThat(setup.kernel().log().lines().getFirst().callSite()).startsWith("KernelTest.");
        });
    }

    private static final class Copier implements PciDriver {
        @Override
        public String name() {
            return "copier";
        }

        @Override
        public boolean matches(int vendorId, int deviceId) {
            return true;
        }

        @Override
        public int probe(PciDevice device) {
            int error = device.enable();
            IoMemory registers = device.map(0);
            if (error != 0 || registers == null) {
                return -Errno.ENODEV;
            }
            device.setDriverData(
                    new CopyEngineDriver(device.kernel(), device.dma(), registers, device.vector(0), Attributes.NONE));
            device.setMaster();
            return 0;
        }

        @Override
        public void remove(PciDevice device) {
            ((CopyEngineDriver) requireNonNull(device.driverData())).remove();
            device.clearMaster();
        }
    }
}
