package dev.pawl.engine.change;

import static dev.pawl.engine.change.Classified.cockroachdb;
import static dev.pawl.engine.change.Classified.postgresql;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class OtherDdlTest {

  @Test
  void needsNoFactsWhereTheCommitIsTheGuarantee() {
    assertThat(postgresql("CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'"))
        .isEqualTo(new OtherDdl("CREATE FUNCTION", true));
    assertThat(postgresql("CREATE EVENT TRIGGER x ON y EXECUTE FUNCTION f()"))
        .isEqualTo(new OtherDdl("CREATE EVENT TRIGGER", true));
    assertThat(postgresql("CREATE CONSTRAINT TRIGGER x AFTER INSERT ON t EXECUTE FUNCTION f()"))
        .isEqualTo(new OtherDdl("CREATE TRIGGER", true));
    assertThat(postgresql("CREATE DEFAULT CONVERSION c FOR 'UTF8' TO 'LATIN1' FROM f"))
        .isEqualTo(new OtherDdl("CREATE CONVERSION", true));
    assertThat(postgresql("CREATE FOREIGN DATA WRAPPER w"))
        .isEqualTo(new OtherDdl("CREATE FOREIGN DATA WRAPPER", true));
    assertThat(postgresql("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO x"))
        .isEqualTo(new OtherDdl("ALTER DEFAULT PRIVILEGES", true));
    assertThat(postgresql("ALTER LARGE OBJECT 1 OWNER TO x"))
        .isEqualTo(new OtherDdl("ALTER LARGE OBJECT", true));
    assertThat(postgresql("DROP OWNED BY x")).isEqualTo(new OtherDdl("DROP OWNED", true));
    assertThat(postgresql("REASSIGN OWNED BY x TO y"))
        .isEqualTo(new OtherDdl("REASSIGN OWNED", true));
    assertThat(postgresql("IMPORT FOREIGN SCHEMA a FROM SERVER b INTO c"))
        .isEqualTo(new OtherDdl("IMPORT FOREIGN SCHEMA", true));
    assertThat(postgresql("ALTER TABLESPACE x RENAME TO y"))
        .isEqualTo(new OtherDdl("ALTER TABLESPACE", true));
    assertThat(postgresql("COMMENT ON TABLE t IS 'x'")).isEqualTo(new OtherDdl("COMMENT", true));
    assertThat(postgresql("GRANT SELECT ON t TO x")).isEqualTo(new OtherDdl("GRANT", true));
    assertThat(postgresql("ALTER TABLE t ENABLE ROW LEVEL SECURITY"))
        .isEqualTo(new OtherDdl("ALTER TABLE ENABLE", true));
    assertThat(postgresql("ALTER TABLE t ALTER CONSTRAINT c DEFERRABLE"))
        .isEqualTo(new OtherDdl("ALTER TABLE CONSTRAINT", true));
    assertThat(postgresql("ALTER TABLE i ALTER COLUMN 1 SET STATISTICS 100"))
        .isEqualTo(new OtherDdl("ALTER TABLE", true));
    assertThat(postgresql("ALTER TABLE ALL IN TABLESPACE a SET TABLESPACE b"))
        .isEqualTo(new OtherDdl("ALTER TABLE ALL IN TABLESPACE", true));
    assertThat(postgresql("ALTER TABLE t SET (fillfactor = 70)"))
        .isEqualTo(new OtherDdl("ALTER TABLE SET", true));
  }

  @Test
  void cannotRunInATransactionWhereTheServerSaysSo() {
    for (var sql :
        List.of(
            "CREATE DATABASE x",
            "CREATE TABLESPACE x LOCATION '/x'",
            "CREATE SUBSCRIPTION x CONNECTION '' PUBLICATION y",
            "ALTER SUBSCRIPTION x REFRESH PUBLICATION",
            "ALTER SUBSCRIPTION x SET PUBLICATION y",
            "ALTER SUBSCRIPTION x SET (failover = true)",
            "ALTER SYSTEM SET a = 1",
            "ALTER DATABASE x SET TABLESPACE y")) {
      assertThat(postgresql(sql).transactional()).as(sql).isFalse();
    }
    assertThat(postgresql("ALTER DATABASE x SET search_path = y").transactional()).isTrue();
    assertThat(postgresql("ALTER SUBSCRIPTION x DISABLE").transactional()).isTrue();
  }

  @Test
  void onCockroachdbIsOnlyWhatIsKnownToBeSynchronous() {
    assertThat(cockroachdb("COMMENT ON TABLE t IS 'x'")).isEqualTo(new OtherDdl("COMMENT", true));
    assertThat(
            cockroachdb("ALTER TABLE t CONFIGURE ZONE USING num_replicas = 5, gc.ttlseconds = 90"))
        .isEqualTo(new OtherDdl("ALTER TABLE CONFIGURE", true));
    assertThat(cockroachdb("ALTER TABLE t OWNER TO x"))
        .isEqualTo(new OtherDdl("ALTER TABLE OWNER", true));
    assertThat(cockroachdb("ALTER TABLE t SPLIT AT VALUES (1), (2)"))
        .isEqualTo(new OtherDdl("ALTER TABLE SPLIT", true));
    assertThat(cockroachdb("ALTER TABLE t SET LOCALITY REGIONAL BY ROW"))
        .isInstanceOf(Unclassified.class);
    assertThat(cockroachdb("ALTER TABLE t SET (ttl_expire_after = '1 day')"))
        .isInstanceOf(Unclassified.class);
    assertThat(cockroachdb("ALTER SEQUENCE s INCREMENT 2")).isInstanceOf(Unclassified.class);
  }
}
