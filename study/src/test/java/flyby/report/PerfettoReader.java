package flyby.report;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;

/// A second, generic reading of a protobuf file, for tests: fields by number, nothing known of our writer.
@NullUnmarked // A null where none belongs fails the test all the same.
final class PerfettoReader {
    /// One message: field number to its values, [Long] or `byte[]`.
    record Message(Map<Integer, List<Object>> fields) {
        boolean has(int field) {
            return fields.containsKey(field);
        }

        long number(int field) {
            return has(field) ? (Long) fields.get(field).getFirst() : 0;
        }

        Message message(int field) throws IOException {
            return messages(field).getFirst();
        }

        List<Message> messages(int field) throws IOException {
            List<Message> result = new ArrayList<>();
            for (Object value : fields.getOrDefault(field, List.of())) {
                result.add(decode((byte[]) value));
            }
            return result;
        }

        String text(int field) {
            return new String((byte[]) fields.get(field).getFirst(), StandardCharsets.UTF_8);
        }
    }

    private PerfettoReader() {}

    static Message decode(byte[] bytes) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        Map<Integer, List<Object>> fields = new LinkedHashMap<>();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            Object value = switch (WireFormat.getTagWireType(tag)) {
                case WireFormat.WIRETYPE_VARINT -> in.readRawVarint64();
                case WireFormat.WIRETYPE_FIXED64 -> in.readFixed64();
                case WireFormat.WIRETYPE_LENGTH_DELIMITED -> in.readByteArray();
                default -> throw new IOException("tag " + tag);
            };
            fields.computeIfAbsent(WireFormat.getTagFieldNumber(tag), _ -> new ArrayList<>())
                    .add(value);
        }
        return new Message(fields);
    }
}
