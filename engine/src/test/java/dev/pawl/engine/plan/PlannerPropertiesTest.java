package dev.pawl.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.SqlSoup;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PlannerPropertiesTest {
  @Provide
  Arbitrary<String> anything() {
    return SqlSoup.anything();
  }

  @Provide
  Arbitrary<String> statements() {
    return SqlSoup.statements()
        .filter(list -> !list.isEmpty())
        .map(list -> "-- pawl: verify none because x\n" + String.join(";\n\n", list) + ";\n");
  }

  @Property
  void eitherPlansOrSaysWhereItCannot(@ForAll("anything") String sql, @ForAll DatabaseKind kind) {
    try {
      var plan = Planner.plan(List.of(new SourceFile("1_x.sql", sql)), kind);
      assertThat(plan.steps()).isNotEmpty();
    } catch (InvalidSourceException e) {
      assertThat(e.problems()).isNotEmpty();
      for (var problem : e.problems()) {
        assertThat(problem.file()).isEqualTo("1_x.sql");
        assertThat((long) problem.line()).isLessThanOrEqualTo(lines(sql));
      }
    }
  }

  private static long lines(String sql) {
    return 1 + sql.chars().filter(c -> c == '\n' || c == '\r').count();
  }

  @Property
  void stepsHoldTheAuthorsTextInOrder(@ForAll("statements") String sql) {
    Plan plan;
    try {
      plan = Planner.plan(List.of(new SourceFile("1_x.sql", sql)), DatabaseKind.POSTGRESQL);
    } catch (InvalidSourceException e) {
      assertThat(e.getMessage()).containsAnyOf("may commit by itself", "only session settings");
      return;
    }
    int at = 0;
    int ordinal = 1;
    for (var step : plan.steps()) {
      int found = sql.indexOf(step.sql(), at);
      assertThat(found).as(step.sql()).isGreaterThanOrEqualTo(at);
      at = found + step.sql().length();
      assertThat(step.ordinal()).isEqualTo(ordinal++);
      assertThat(step.sql()).doesNotEndWith(";").isEqualTo(step.sql().strip());
    }
  }

  @Provide
  Arbitrary<List<String>> paths() {
    return Arbitraries.of(
            "1",
            "0012",
            "2.0",
            "V",
            "U",
            "R__",
            "_",
            "-",
            "__",
            "2019-02-26",
            ".postgres",
            ".mysql",
            "versions.txt",
            "up",
            "down",
            "x",
            ".",
            "/",
            ".sql",
            ".verify",
            ".up",
            "99999999999999999999",
            "é",
            "SQL")
        .list()
        .ofMaxSize(7)
        .map(parts -> String.join("", parts))
        .map(path -> path.endsWith(".txt") ? path : path + ".sql")
        .list()
        .ofMaxSize(5);
  }

  @Property
  void placesOrRefusesOrIgnoresAnyPath(@ForAll("paths") List<String> paths) {
    var files = paths.stream().distinct().map(p -> new SourceFile(p, "SELECT 1")).toList();
    try {
      var plan = Planner.plan(files, DatabaseKind.POSTGRESQL);
      assertThat(plan.steps().size()).isLessThanOrEqualTo(files.size());
    } catch (InvalidSourceException e) {
      assertThat(e.problems()).allSatisfy(p -> assertThat(paths).contains(p.file()));
    }
    for (var kind : DatabaseKind.values()) {
      assertThat(Planner.inspect(files, kind).problems())
          .allSatisfy(p -> assertThat(paths).contains(p.file()));
    }
  }
}
