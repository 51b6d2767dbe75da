package dev.pawl.engine.change;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.pawl.engine.sql.QualifiedName;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How a component's type is written. */
sealed interface FactForm {
  void write(JsonGenerator json, Object value) throws IOException;

  /** The parser stands at the value's first token. */
  Object read(JsonParser json, String field) throws IOException, FactJson.MalformedException;

  /** What a missing field stands for; null where it may not be missing. */
  default Object whenMissing() {
    return null;
  }

  static FactForm of(Type type) {
    if (type instanceof ParameterizedType parameterized) {
      var element = of(parameterized.getActualTypeArguments()[0]);
      return parameterized.getRawType() == List.class ? new Listed(element) : new Maybe(element);
    }
    var raw = (Class<?>) type;
    if (raw == String.class) {
      return new Text();
    } else if (raw == boolean.class) {
      return new Flag();
    } else if (raw == int.class) {
      return new Whole();
    } else if (raw == QualifiedName.class) {
      return new Name();
    } else if (raw.isEnum()) {
      return new Choice(raw);
    } else if (raw.isRecord()) {
      return new Nested(new FactShape(raw));
    }
    throw new IllegalStateException("facts cannot hold a " + raw);
  }

  record Text() implements FactForm {
    @Override
    public void write(JsonGenerator json, Object value) throws IOException {
      json.writeString((String) value);
    }

    @Override
    public Object read(JsonParser json, String field)
        throws IOException, FactJson.MalformedException {
      if (json.currentToken() != JsonToken.VALUE_STRING) {
        throw FactJson.malformed(json, "\"" + field + "\" must be a string");
      }
      return json.getText();
    }
  }

  record Flag() implements FactForm {
    @Override
    public void write(JsonGenerator json, Object value) throws IOException {
      json.writeBoolean((Boolean) value);
    }

    @Override
    public Object read(JsonParser json, String field)
        throws IOException, FactJson.MalformedException {
      if (!json.currentToken().isBoolean()) {
        throw FactJson.malformed(json, "\"" + field + "\" must be true or false");
      }
      return json.getBooleanValue();
    }

    @Override
    public Object whenMissing() {
      return false;
    }
  }

  record Whole() implements FactForm {
    @Override
    public void write(JsonGenerator json, Object value) throws IOException {
      json.writeNumber((Integer) value);
    }

    @Override
    public Object read(JsonParser json, String field)
        throws IOException, FactJson.MalformedException {
      if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
        throw FactJson.malformed(json, "\"" + field + "\" must be a whole number");
      }
      return json.getIntValue();
    }
  }

  record Choice(Class<?> type) implements FactForm {
    @Override
    public void write(JsonGenerator json, Object value) throws IOException {
      json.writeString(((Enum<?>) value).name());
    }

    @Override
    public Object read(JsonParser json, String field)
        throws IOException, FactJson.MalformedException {
      var names = new ArrayList<String>();
      for (var constant : type.getEnumConstants()) {
        var name = ((Enum<?>) constant).name();
        if (json.currentToken() == JsonToken.VALUE_STRING && name.equals(json.getText())) {
          return constant;
        }
        names.add(name);
      }
      throw FactJson.malformed(
          json, "\"" + field + "\" must be one of " + String.join(", ", names));
    }
  }

  record Name() implements FactForm {
    private static final Listed PARTS = new Listed(new Text());

    @Override
    public void write(JsonGenerator json, Object value) throws IOException {
      PARTS.write(json, ((QualifiedName) value).parts());
    }

    @Override
    public Object read(JsonParser json, String field)
        throws IOException, FactJson.MalformedException {
      var parts = new ArrayList<String>(2);
      for (var part : (List<?>) PARTS.read(json, field)) {
        parts.add((String) part);
      }
      boolean possible =
          !parts.isEmpty()
              && parts.size() <= 3
              && parts.stream().noneMatch(p -> p.isEmpty() || p.indexOf('\0') >= 0);
      if (!possible) {
        throw FactJson.malformed(
            json, "\"" + field + "\" must have one to three parts, none of them empty");
      }
      return new QualifiedName(parts);
    }
  }

  record Nested(FactShape shape) implements FactForm {
    @Override
    public void write(JsonGenerator json, Object value) throws IOException {
      json.writeStartObject();
      shape.writeFields(json, value);
      json.writeEndObject();
    }

    @Override
    public Object read(JsonParser json, String field)
        throws IOException, FactJson.MalformedException {
      if (json.currentToken() != JsonToken.START_OBJECT) {
        throw FactJson.malformed(json, "\"" + field + "\" must be an object");
      }
      return shape.readFields(json);
    }
  }

  record Listed(FactForm element) implements FactForm {
    @Override
    public void write(JsonGenerator json, Object value) throws IOException {
      json.writeStartArray();
      for (var item : (List<?>) value) {
        element.write(json, item);
      }
      json.writeEndArray();
    }

    @Override
    public Object read(JsonParser json, String field)
        throws IOException, FactJson.MalformedException {
      if (json.currentToken() != JsonToken.START_ARRAY) {
        throw FactJson.malformed(json, "\"" + field + "\" must be an array");
      }
      var items = new ArrayList<>();
      while (json.nextToken() != JsonToken.END_ARRAY) {
        items.add(element.read(json, field));
      }
      return List.copyOf(items);
    }

    @Override
    public Object whenMissing() {
      return List.of();
    }
  }

  record Maybe(FactForm element) implements FactForm {
    @Override
    public void write(JsonGenerator json, Object value) throws IOException {
      element.write(json, ((Optional<?>) value).orElseThrow());
    }

    @Override
    public Object read(JsonParser json, String field)
        throws IOException, FactJson.MalformedException {
      return Optional.of(element.read(json, field));
    }

    @Override
    public Object whenMissing() {
      return Optional.empty();
    }
  }
}
