package flyby.study;

import flyby.base.LabException;
import flyby.params.Quote;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/// Reads the part of YAML that scenario files need: mappings, lists and plain values, with the place of each.
///
/// Built from the parser's events instead of its nodes, so that hostile files cost nothing: depth is limited before
/// anything is built, and anchors, aliases and tags, which could make a small file huge, are refused.
final class YamlReader {
    /// Far more than any scenario needs.
    static final int BYTES_MAX = 1 << 20;

    static final int DEPTH_MAX = 24;
    private static final int KEY_LENGTH_MAX = 200;

    private final String file;
    private final Iterator<Event> events;

    private YamlReader(String file, Iterator<Event> events) {
        this.file = file;
        this.events = events;
    }

    /// Reads the one document in `bytes`.
    ///
    /// @param file its name in messages
    /// @throws LabException with the place of the first thing that is wrong
    static Yaml read(String file, byte[] bytes) {
        if (bytes.length > BYTES_MAX) {
            throw refuse(new Yaml.Place(file, 1, 1), "more than 1 MiB", "a scenario file of at most 1 MiB");
        }
        String text = decode(file, bytes);
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file)
                .setUseMarks(true)
                .setCodePointLimit(BYTES_MAX + 1)
                .build();
        try {
            return new YamlReader(file, new ParserImpl(settings, new StreamReader(settings, text))).document();
        } catch (MarkedYamlEngineException e) {
            Yaml.Place place = e.getProblemMark()
                    .or(e::getContextMark)
                    .map(mark -> place(file, mark))
                    .orElse(new Yaml.Place(file, 1, 1));
            String context = e.getContext() == null ? "" : " " + e.getContext();
            throw refuse(place, "no valid YAML" + Quote.cut(context) + " (" + Quote.cut(e.getProblem()) + ")", "YAML");
        } catch (ReaderException e) {
            Yaml.Place place = placeOf(file, text, e.getPosition());
            String shown = String.format(java.util.Locale.ROOT, "the character U+%04X", e.getCodePoint());
            throw refuse(place, shown, "text without control characters");
        } catch (YamlEngineException e) {
            throw refuse(
                    new Yaml.Place(file, 1, 1),
                    "no valid YAML (" + Quote.cut(String.valueOf(e.getMessage())) + ")",
                    "YAML");
        }
    }

    private Yaml document() {
        events.next(); // The stream begins.
        if (events.next().getEventId() == Event.ID.StreamEnd) {
            return new Yaml.Scalar("", new Yaml.Place(file, 1, 1));
        }
        Yaml root = node(events.next(), 0);
        events.next(); // The document ends.
        Event next = events.next();
        if (next.getEventId() != Event.ID.StreamEnd) {
            throw refuse(place(next), "a second document", "one document");
        }
        return root;
    }

    private Yaml node(Event event, int depth) {
        Yaml.Place place = place(event);
        if (event instanceof AliasEvent
                || (event instanceof NodeEvent node && node.getAnchor().isPresent())) {
            throw refuse(place, "an anchor or alias", "every value written out");
        }
        if (depth > DEPTH_MAX) {
            throw refuse(place, "more than " + DEPTH_MAX + " levels inside each other", "fewer");
        }
        return switch (event) {
            case ScalarEvent scalar -> {
                refuseTag(scalar.getTag().isPresent(), place);
                yield new Yaml.Scalar(scalar.getValue(), place);
            }
            case SequenceStartEvent start -> {
                refuseTag(start.getTag().isPresent(), place);
                yield sequence(place, depth);
            }
            case MappingStartEvent start -> {
                refuseTag(start.getTag().isPresent(), place);
                yield mapping(place, depth);
            }
            default -> throw refuse(place, event.getEventId().toString(), "a value");
        };
    }

    private static void refuseTag(boolean tagged, Yaml.Place place) {
        if (tagged) {
            throw refuse(place, "a tag", "a value without one");
        }
    }

    private Yaml sequence(Yaml.Place place, int depth) {
        List<Yaml> items = new ArrayList<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.SequenceEnd; event = events.next()) {
            items.add(node(event, depth + 1));
        }
        return new Yaml.Sequence(items, place);
    }

    private Yaml mapping(Yaml.Place place, int depth) {
        Map<String, Yaml.Entry> entries = new LinkedHashMap<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.MappingEnd; event = events.next()) {
            Yaml written = node(event, depth + 1);
            if (!(written instanceof Yaml.Scalar key)
                    || key.text().isEmpty()
                    || key.text().length() > KEY_LENGTH_MAX) {
                throw refuse(written.place(), written.kind() + " as a key", "a word");
            }
            Yaml.Entry before = entries.get(key.text());
            if (before != null) {
                int line = before.key().place().line();
                throw refuse(key.place(), Quote.of(key.text()) + " again, after line " + line, "each key once");
            }
            entries.put(key.text(), new Yaml.Entry(key, node(events.next(), depth + 1)));
        }
        return new Yaml.Mapping(List.copyOf(entries.values()), place);
    }

    private Yaml.Place place(Event event) {
        return event.getStartMark().map(mark -> place(file, mark)).orElse(new Yaml.Place(file, 1, 1));
    }

    private static Yaml.Place place(String file, Mark mark) {
        return new Yaml.Place(file, mark.getLine() + 1, mark.getColumn() + 1);
    }

    private static String decode(String file, byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CharBuffer text = CharBuffer.allocate(bytes.length + 1);
        CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), text, true);
        String good = text.flip().toString();
        if (result.isError()) {
            throw refuse(placeOf(file, good, good.length()), "bytes that are not UTF-8", "UTF-8 text");
        }
        return good;
    }

    /// Where the character `index` of `text` stands.
    private static Yaml.Place placeOf(String file, String text, int index) {
        int end = Math.clamp(index, 0, text.length());
        int line =
                1 + (int) text.substring(0, end).chars().filter(c -> c == '\n').count();
        int column = end - text.lastIndexOf('\n', end - 1);
        return new Yaml.Place(file, line, column);
    }

    static LabException refuse(Yaml.Place place, String found, String expected) {
        return new LabException(LabException.Kind.BAD_INPUT, place.text(), found, expected);
    }
}
