package dev.pawl.engine.change;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.pawl.engine.sql.Visible;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/**
 * A change as one line of JSON and back: the {@code -- pawl: fact {…}} of verify files. Its fields
 * are the record's components in their order; false, an empty list and an empty Optional are left
 * out, and are what a field that is missing stands for. A name is an array of its parts.
 */
public final class FactJson {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final String KIND = "change";
  private static final Map<String, FactShape> KINDS = kinds();

  private FactJson() {}

  /** A text that is no fact, with what is wrong in a sentence and where. */
  public static final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;
    private final int column;

    private MalformedException(String message, int column) {
      super(message);
      this.column = column;
    }

    /** From 1, within the text; 0 where the text as a whole is meant. */
    public int column() {
      return column;
    }
  }

  /** The change on one line, the same for equal changes; nothing in it ends a comment. */
  public static String write(SchemaChange change) {
    var text = new StringWriter();
    try (var json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField(KIND, change.getClass().getSimpleName());
      KINDS.get(change.getClass().getSimpleName()).writeFields(json, change);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Visible.of(text.toString());
  }

  /**
   * The change that a text says.
   *
   * @throws MalformedException for anything but a change as {@link #write} writes one
   */
  public static SchemaChange read(String text) throws MalformedException {
    try (var json = JSON.createParser(text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw malformed(json, "a fact is a JSON object, as in {\"change\":\"DropTable\",…}");
      }
      if (!KIND.equals(json.nextFieldName())) {
        throw malformed(json, "a fact begins with \"change\"");
      }
      if (json.nextToken() != JsonToken.VALUE_STRING) {
        throw malformed(json, "\"change\" must be a string");
      }
      var shape = KINDS.get(json.getText());
      if (shape == null) {
        throw malformed(json, "this Pawl does not know the change \"" + json.getText() + "\"");
      }
      var change = shape.readFields(json);
      if (json.nextToken() != null) {
        throw malformed(json, "nothing may follow the fact");
      }
      return (SchemaChange) change;
    } catch (JsonProcessingException e) {
      var place = e.getLocation();
      throw new MalformedException(
          "this is not JSON: " + e.getOriginalMessage().lines().findFirst().orElse(""),
          place == null ? 0 : Math.max(0, place.getColumnNr()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static MalformedException malformed(JsonParser json, String message) {
    return new MalformedException(message, Math.max(0, json.currentTokenLocation().getColumnNr()));
  }

  private static Map<String, FactShape> kinds() {
    var kinds = new HashMap<String, FactShape>();
    for (var kind : SchemaChange.class.getPermittedSubclasses()) {
      kinds.put(kind.getSimpleName(), new FactShape(kind));
    }
    return kinds;
  }
}
