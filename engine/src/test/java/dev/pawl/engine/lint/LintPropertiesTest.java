package dev.pawl.engine.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.SqlSoup;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class LintPropertiesTest {
  @Provide
  Arbitrary<String> anything() {
    return SqlSoup.anything();
  }

  @Provide
  Arbitrary<List<String>> statements() {
    return SqlSoup.statements();
  }

  @Property
  void neverFails(@ForAll("anything") String sql, @ForAll DatabaseKind kind) {
    assertThat(Linted.findings(kind, sql)).doesNotContainNull();
  }

  @Property
  void aFindingHasAPlaceAndAMessage(@ForAll("statements") List<String> statements) {
    var findings = Linted.findings(DatabaseKind.POSTGRESQL, String.join(";\n", statements));
    for (var finding : findings) {
      if (!finding.rule().equals(GeneralRules.INVALID)) {
        assertThat(finding.line()).isPositive();
        assertThat(finding.message()).isNotBlank();
      }
    }
  }
}
