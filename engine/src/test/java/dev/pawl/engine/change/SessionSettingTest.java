package dev.pawl.engine.change;

import static dev.pawl.engine.change.Classified.cockroachdb;
import static dev.pawl.engine.change.Classified.postgresql;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SessionSettingTest {

  @Test
  void knowsTheNameWhateverTheForm() {
    assertThat(postgresql("SET Search_Path = a, b")).isEqualTo(new SessionSetting("search_path"));
    assertThat(postgresql("SET SESSION work_mem TO '1GB'"))
        .isEqualTo(new SessionSetting("work_mem"));
    assertThat(postgresql("SET TIME ZONE 'UTC'")).isEqualTo(new SessionSetting("timezone"));
    assertThat(postgresql("SET SCHEMA 'x'")).isEqualTo(new SessionSetting("search_path"));
    assertThat(postgresql("SET a.b.c.d = 1")).isEqualTo(new SessionSetting("a.b.c.d"));
    assertThat(postgresql("RESET ALL")).isEqualTo(new SessionSetting("all"));
    assertThat(postgresql("RESET SESSION AUTHORIZATION"))
        .isEqualTo(new SessionSetting("session_authorization"));
    assertThat(postgresql("RESET TIME ZONE")).isEqualTo(new SessionSetting("timezone"));
    assertThat(postgresql("SET XML OPTION DOCUMENT")).isEqualTo(new SessionSetting("xmloption"));
    assertThat(postgresql("SET NAMES 'UTF8'")).isEqualTo(new SessionSetting("client_encoding"));
    assertThat(postgresql("SET ROLE x")).isEqualTo(new SessionSetting("role"));
    assertThat(postgresql("SET SESSION AUTHORIZATION x"))
        .isEqualTo(new SessionSetting("session_authorization"));
    assertThat(postgresql("USE x")).isInstanceOf(Unclassified.class);
    assertThat(cockroachdb("USE x")).isEqualTo(new SessionSetting("database"));
  }

  @Test
  void isNotWhatBelongsToATransactionOrACluster() {
    assertThat(postgresql("SET LOCAL a = 1")).isEqualTo(new OtherDdl("SET LOCAL", true));
    assertThat(postgresql("SET CONSTRAINTS ALL DEFERRED"))
        .isEqualTo(new OtherDdl("SET CONSTRAINTS", true));
    assertThat(cockroachdb("SET CLUSTER SETTING a.b = 1"))
        .isEqualTo(new OtherDdl("SET CLUSTER SETTING", false));
    assertThat(postgresql("SET TRANSACTION READ ONLY")).isInstanceOf(Unclassified.class);
  }
}
