package flyby.report;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.JsonSchema;

/// Reads JSON by a parser that is not ours: YAML 1.2 with its JSON schema contains JSON.
final class Json {
    private Json() {}

    static Object read(String text) {
        LoadSettings settings = LoadSettings.builder()
                .setSchema(new JsonSchema())
                .setAllowDuplicateKeys(false)
                .setCodePointLimit(Integer.MAX_VALUE)
                .build();
        return new Load(settings).loadFromString(text);
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> object(@Nullable Object value) {
        return (Map<String, Object>) Objects.requireNonNull(value, "no object there");
    }

    @SuppressWarnings("unchecked")
    static List<Object> array(@Nullable Object value) {
        return (List<Object>) Objects.requireNonNull(value, "no array there");
    }
}
