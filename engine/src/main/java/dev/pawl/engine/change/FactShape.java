package dev.pawl.engine.change;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** A record as its components show it. */
final class FactShape {
  private final Class<?> record;
  private final Map<String, Integer> places = new LinkedHashMap<>();
  private final RecordComponent[] components;
  private final FactForm[] forms;

  FactShape(Class<?> record) {
    this.record = record;
    components = record.getRecordComponents();
    forms = new FactForm[components.length];
    for (int k = 0; k < components.length; k++) {
      places.put(components[k].getName(), k);
      forms[k] = FactForm.of(components[k].getGenericType());
    }
  }

  void writeFields(JsonGenerator json, Object value) throws IOException {
    for (int k = 0; k < components.length; k++) {
      Object field;
      try {
        field = components[k].getAccessor().invoke(value);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("a change is a public record", e);
      }
      if (!field.equals(forms[k].whenMissing())) {
        json.writeFieldName(components[k].getName());
        forms[k].write(json, field);
      }
    }
  }

  /** From within an object to its end. */
  Object readFields(JsonParser json) throws IOException, FactJson.MalformedException {
    var values = new Object[components.length];
    for (var name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      var place = places.get(name);
      if (place == null) {
        throw FactJson.malformed(
            json,
            "a "
                + record.getSimpleName()
                + " has no \""
                + name
                + "\", but "
                + String.join(", ", places.keySet()));
      }
      json.nextToken();
      values[place] = forms[place].read(json, name);
    }
    for (int k = 0; k < values.length; k++) {
      if (values[k] == null) {
        values[k] = forms[k].whenMissing();
      }
      if (values[k] == null) {
        throw FactJson.malformed(json, "\"" + components[k].getName() + "\" is missing");
      }
    }
    try {
      var types = Arrays.stream(components).map(RecordComponent::getType);
      return record.getDeclaredConstructor(types.toArray(Class<?>[]::new)).newInstance(values);
    } catch (InvocationTargetException e) {
      throw FactJson.malformed(json, e.getCause().getMessage());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a change is a public record", e);
    }
  }
}
