package dev.pawl.engine.change;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Splitter;
import dev.pawl.engine.sql.SqlSoup;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ClassifierTest {
  @Provide
  Arbitrary<String> anything() {
    return SqlSoup.anything();
  }

  @Provide
  Arbitrary<String> mutated() {
    return SqlSoup.mutated();
  }

  @Property
  void saysSomethingOfEveryStatement(@ForAll("anything") String sql, @ForAll DatabaseKind kind) {
    for (var statement : Splitter.split(sql, kind)) {
      var changes = Classifier.classify(statement, kind);
      assertThat(changes).isNotEmpty();
      changes.forEach(change -> assertThat(change.describe()).isNotBlank());
    }
  }

  @Property
  void neverTakesConcurrentIndexWorkForTransactional(@ForAll("mutated") String sql) {
    for (var statement : Splitter.split(sql, DatabaseKind.POSTGRESQL)) {
      var words = statement.tokens().stream().map(t -> t.keyword()).toList();
      boolean index =
          words.contains("CONCURRENTLY")
              && (words.getFirst().equals("CREATE") && words.contains("INDEX")
                  || words.getFirst().equals("DROP") && words.contains("INDEX")
                  || words.getFirst().equals("ALTER") && words.contains("TABLE"));
      if (index) {
        assertThat(Classifier.classify(statement, DatabaseKind.POSTGRESQL))
            .as(sql)
            .anyMatch(change -> !change.transactional() || change instanceof Unclassified);
      }
    }
  }

  @Test
  void knowsEveryStatementOfTheSoupThatPostgresqlHas() {
    for (var sql : SqlSoup.STATEMENTS) {
      assertThat(Classified.all(DatabaseKind.POSTGRESQL, sql))
          .as(sql)
          .noneMatch(Unclassified.class::isInstance);
    }
  }

  @Test
  @Tag("size")
  void readsMegabytes() {
    for (var piece : new String[] {"(", ")", "a.", ",", "'x' ", "ADD ", "[", "ADD a int,"}) {
      for (var head :
          new String[] {
            "ALTER TABLE t ", "CREATE INDEX i ON t (", "DO ", "DROP TABLE ", "CREATE TABLE t "
          }) {
        var sql = head + piece.repeat(500_000 / piece.length());
        var statement = Splitter.split(sql, DatabaseKind.POSTGRESQL).getFirst();
        assertThat(Classifier.classify(statement, DatabaseKind.POSTGRESQL)).isNotEmpty();
      }
    }
  }
}
