package flyby.root;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flyby.base.LabException;
import flyby.choice.Property;
import flyby.function.BaseAddress;
import flyby.function.FunctionDescription;
import flyby.link.ReceiveBuffer;
import flyby.root.FoundFunction.Bar;
import flyby.root.FoundFunction.Space;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Firmware's work on small trees by hand, and its promises on random ones.
final class EnumerationTest {
    private static final FunctionDescription PLAIN =
            FunctionDescription.of(0x1234, 0x5678, 0x018000).with(BaseAddress.memory32(0, 4_096));

    @Test
    void numbersBusesDepthFirst() {
        Tree tree = new Tree(ReceiveBuffer.UNLIMITED, false);
        Switch above = tree.addSwitch(tree.rootPort());
        tree.endpoint(tree.port(above), List.of(PLAIN));
        Switch below = tree.addSwitch(tree.port(above));
        tree.endpoint(tree.port(below), List.of(PLAIN, PLAIN));
        tree.endpoint(tree.rootPort(), List.of(PLAIN));
        tree.enumerate();
        assertThat(tree.found)
                .extracting(each -> FoundFunction.idText(each.id()) + " "
                        + (each.isBridge() ? each.secondaryBus() + "-" + each.subordinateBus() : "function"))
                .containsExactly(
                        "00:01.0 1-6",
                        "01:00.0 2-6",
                        "02:00.0 3-3",
                        "03:00.0 function",
                        "02:01.0 4-6",
                        "04:00.0 5-6",
                        "05:00.0 6-6",
                        "06:00.0 function",
                        "06:00.1 function",
                        "00:02.0 7-7",
                        "07:00.0 function");
        assertThat(tree.found).extracting(FoundFunction::payloadBytes).containsOnly(256);
    }

    @Test
    void placesTheLargestFirst() {
        Tree tree = new Tree(ReceiveBuffer.UNLIMITED, false);
        tree.endpoint(
                tree.rootPort(),
                List.of(FunctionDescription.of(0x1234, 0x5678, 0x018000)
                        .with(BaseAddress.memory32(0, 4_096))
                        .with(BaseAddress.memory32(1, 2 << 20))
                        .with(new BaseAddress(2, BaseAddress.Kind.MEMORY_64, true, 1L << 33))
                        .with(new BaseAddress(4, BaseAddress.Kind.IO, false, 64))));
        tree.enumerate();
        assertThat(tree.found.getLast().bars())
                .containsExactly(
                        new Bar(0, Space.MEMORY, 0xc020_0000L, 4_096),
                        new Bar(1, Space.MEMORY, 0xc000_0000L, 2 << 20),
                        new Bar(2, Space.PREFETCHABLE, 0x80_0000_0000L, 1L << 33),
                        new Bar(4, Space.IO, 0, 64));
    }

    @Test
    void followsTheChainOfManyFunctions() {
        Tree tree = new Tree(ReceiveBuffer.UNLIMITED, false);
        Switch crossing = tree.addSwitch(tree.rootPort());
        tree.endpoint(tree.port(crossing), Collections.nCopies(40, PLAIN));
        tree.enumerate();
        assertThat(tree.leaves).hasSize(40);
        assertThat(tree.found.subList(3, 43))
                .extracting(FoundFunction::id)
                .containsExactlyElementsOf(
                        tree.leaves.stream().map(leaf -> leaf.function.id()).toList())
                .endsWith(0x0327);
    }

    @Test
    void aLinkHasOneDevice() {
        Tree tree = new Tree(ReceiveBuffer.UNLIMITED, false);
        tree.endpoint(tree.rootPort(), List.of(PLAIN));
        tree.endpoint(tree.port(tree.addSwitch(tree.rootPort())), List.of(PLAIN));
        tree.enumerate();
        for (int id : new int[] {0x0108, 0x0408}) {
            long[] answer = new long[1];
            tree.cpu.read(tree.root.windows().configurationAddress(id, 0), 4, 0, value -> answer[0] = value);
            tree.simulation.run();
            assertThat(answer[0]).as(FoundFunction.idText(id)).isEqualTo(-1L);
        }
    }

    @Test
    void refusesWhatDoesNotFit() {
        Tree tree = new Tree(ReceiveBuffer.UNLIMITED, false);
        tree.endpoint(
                tree.rootPort(),
                List.of(FunctionDescription.of(0x1234, 0x5678, 0x018000).with(BaseAddress.memory32(0, 1L << 30))));
        assertThatThrownBy(tree::enumerate)
                .isInstanceOf(LabException.class)
                .hasMessage("the windows of bridges: found 0x40000000 bytes of MEMORY addresses, "
                        + "expected at most 0x3ec00000");
    }

    @Test
    void everyFunctionIsFoundAndNothingOverlaps() {
        Property.check(60, choices -> {
            Tree tree = Tree.random(choices, false);
            tree.enumerate();
            List<FoundFunction> functions =
                    tree.found.stream().filter(each -> !each.isBridge()).toList();
            assertThat(functions)
                    .extracting(FoundFunction::id)
                    .doesNotHaveDuplicates()
                    .containsExactlyElementsOf(
                            tree.leaves.stream().map(leaf -> leaf.function.id()).toList());
            List<Bar> bars = new ArrayList<>();
            functions.forEach(each -> bars.addAll(each.bars()));
            for (int i = 0; i < bars.size(); i++) {
                Bar bar = bars.get(i);
                assertThat(bar.address() % bar.byteCount())
                        .as("%s is aligned", bar)
                        .isZero();
                for (Bar other : bars.subList(0, i)) {
                    boolean apart = bar.address() + bar.byteCount() <= other.address()
                            || other.address() + other.byteCount() <= bar.address();
                    boolean otherSpace = (bar.space() == Space.IO) != (other.space() == Space.IO);
                    assertThat(otherSpace || apart).as("%s and %s", bar, other).isTrue();
                }
            }
            assertThat(tree.pool.takenCount()).isZero();
        });
    }
}
