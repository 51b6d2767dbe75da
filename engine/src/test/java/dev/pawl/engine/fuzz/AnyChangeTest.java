package dev.pawl.engine.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.change.FactJson;
import dev.pawl.engine.change.SchemaChange;
import dev.pawl.engine.dialect.Dialect;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Lexer;
import dev.pawl.engine.sql.Literals;
import dev.pawl.engine.sql.QualifiedName;
import dev.pawl.engine.sql.Splitter;
import dev.pawl.engine.sql.Token;
import dev.pawl.engine.sql.TokenType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * Of every kind of change, filled with names that try to be more than names: in what the server is
 * asked each of them is one quoted identifier or one string, on both databases.
 */
class AnyChangeTest {
  private static final String MARK = "mArK";
  private static final int EACH = 400;

  private final RandomGenerator random = new SplittableRandom(20260101);
  private final HashSet<Class<?>> asked = new HashSet<>();

  @Test
  void everyNameIsOneTokenInQuotes() throws Exception {
    for (var kind : SchemaChange.class.getPermittedSubclasses()) {
      for (int i = 0; i < EACH; i++) {
        SchemaChange change;
        try {
          change = (SchemaChange) record(kind);
        } catch (InvocationTargetException e) { // there is no such change: SET_TYPE to nothing
          assertThat(e.getCause()).isInstanceOf(IllegalArgumentException.class);
          continue;
        }
        assertThat(FactJson.read(FactJson.write(change))).isEqualTo(change);
        for (var database : DatabaseKind.values()) {
          var sql = Dialect.of(database).predicate(change);
          if (sql.isPresent()) {
            asked.add(kind);
            check(sql.get(), database);
          }
        }
      }
    }
    assertThat(asked).as("the kinds that anything is asked of").hasSizeGreaterThan(15);
  }

  private static void check(String sql, DatabaseKind database) {
    assertThat(Splitter.split(sql, database)).as(sql).hasSize(1);
    for (var token : Lexer.lex(sql, database)) {
      switch (token.type()) {
        case QUOTED_IDENTIFIER, WHITESPACE, NUMBER, OPERATOR, PUNCTUATION -> {}
        case STRING, ESCAPE_STRING -> string(sql, token, database);
        case WORD -> assertThat(token.text()).as(sql).doesNotContain(MARK);
        default -> throw new AssertionError(token + " in " + sql);
      }
    }
  }

  /** A string that is a name in quotes is nothing but that: to_regclass('"a"."b"'). */
  private static void string(String sql, Token token, DatabaseKind database) {
    var text = Literals.string(token).orElseThrow();
    if (text.startsWith("\"") && text.endsWith("\"") && text.contains(MARK + "\"")) {
      for (var part : Lexer.lex(text, database)) {
        assertThat(part.type() == TokenType.QUOTED_IDENTIFIER || part.is('.')).as(sql).isTrue();
      }
    }
  }

  private Object record(Class<?> type) throws ReflectiveOperationException {
    var components = type.getRecordComponents();
    var values = new Object[components.length];
    for (int k = 0; k < values.length; k++) {
      values[k] = value(components[k].getGenericType(), components[k].getName());
    }
    var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    return type.getDeclaredConstructor(types).newInstance(values);
  }

  private Object value(Type type, String component) throws ReflectiveOperationException {
    if (type instanceof ParameterizedType generic) {
      var element = generic.getActualTypeArguments()[0];
      if (generic.getRawType() == Optional.class) {
        return random.nextInt(4) == 0 ? Optional.empty() : Optional.of(value(element, component));
      }
      var list = new ArrayList<>();
      for (int i = random.nextInt(1, 4); i > 0; i--) {
        list.add(value(element, component));
      }
      return list;
    }
    var raw = (Class<?>) type;
    if (raw == boolean.class) {
      return random.nextBoolean();
    } else if (raw == int.class) {
      return random.nextInt(10);
    } else if (raw.isEnum()) {
      return raw.getEnumConstants()[random.nextInt(raw.getEnumConstants().length)];
    } else if (raw == QualifiedName.class) {
      var parts = new String[random.nextInt(1, 4)];
      Arrays.setAll(parts, i -> name());
      return QualifiedName.of(parts);
    } else if (raw.isRecord()) {
      return record(raw);
    }
    return component.equals("kind") ? kind() : name();
  }

  private String kind() {
    return List.of("SEQUENCE", "VIEW", "SCHEMA", "FOREIGN TABLE", "TYPE", "DOMAIN", "TABLE")
        .get(random.nextInt(7));
  }

  private String name() {
    var names = HostileNamesTest.NAMES;
    return MARK + names.get(random.nextInt(names.size())) + MARK;
  }
}
