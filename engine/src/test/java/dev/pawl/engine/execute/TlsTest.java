package dev.pawl.engine.execute;

import static dev.pawl.engine.testing.TestDatabase.files;
import static dev.pawl.engine.testing.TestDatabase.options;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.testing.Recorder;
import dev.pawl.engine.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS to a real PostgreSQL, whose certificate an authority made for these tests has signed. */
@Timeout(240)
class TlsTest {
  private static TestDatabase db;
  private static String authority;
  private static String otherAuthority;

  @TempDir private static Path folder;

  @BeforeAll
  static void serverWithTls() throws Exception {
    authority = authority("ca");
    otherAuthority = authority("other");
    keytool("server", "-genkeypair", "-keyalg", "EC", "-dname", "CN=localhost");
    var request = keytool("server", "-certreq");
    var signed =
        keytoolWith(
            request,
            "ca",
            "-gencert",
            "-rfc",
            "-ext",
            "san=dns:localhost",
            "-ext",
            "eku=serverAuth");
    db = TestDatabase.fresh();
    var data = db.query("SHOW data_directory").getFirst();
    write(data + "/test.crt", signed);
    write(data + "/test.key", pem("PRIVATE KEY", key("server").getEncoded()));
    db.execute(
        "ALTER SYSTEM SET ssl_cert_file = 'test.crt'",
        "ALTER SYSTEM SET ssl_key_file = 'test.key'",
        "ALTER SYSTEM SET ssl = on",
        "SELECT pg_reload_conf()");
    db.await("SELECT 1 WHERE current_setting('ssl') = 'on'");
  }

  @AfterAll
  static void serverAsBefore() throws Exception {
    db.execute("ALTER SYSTEM RESET ALL", "SELECT pg_reload_conf()");
    db.await("SELECT 1 WHERE current_setting('ssl') = 'off'");
  }

  /** In the server's own user's hands, and readable by nobody else. */
  private static void write(String file, String text) throws Exception {
    db.execute(
        "COPY (SELECT unnest(string_to_array('"
            + text.replace("\r", "").strip()
            + "', E'\\n'))) TO PROGRAM 'umask 077 && cat > "
            + file
            + "'");
  }

  private static String authority(String name) throws Exception {
    keytool(name, "-genkeypair", "-keyalg", "EC", "-dname", "CN=" + name, "-ext", "bc:c");
    return keytool(name, "-exportcert", "-rfc");
  }

  private static String keytool(String alias, String... words) throws Exception {
    return keytoolWith("", alias, words);
  }

  private static String keytoolWith(String input, String alias, String... words) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(words));
    command.addAll(List.of("-alias", alias, "-keystore", store().toString()));
    command.addAll(List.of("-storepass", "changeit"));
    var process = new ProcessBuilder(command).start();
    process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  private static Path store() {
    return folder.resolve("keys");
  }

  private static Key key(String alias) throws Exception {
    var keys = KeyStore.getInstance("PKCS12");
    try (var file = Files.newInputStream(store())) {
      keys.load(file, "changeit".toCharArray());
    }
    return keys.getKey(alias, "changeit".toCharArray());
  }

  private static String pem(String kind, byte[] bytes) {
    return "-----BEGIN "
        + kind
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes)
        + "\n-----END "
        + kind
        + "-----\n";
  }

  private static Result run(String host, String mode, String bundle) {
    var t = db.direct();
    var target =
        new Target(
            host,
            t.port(),
            t.database(),
            t.user(),
            t.password(),
            mode,
            Optional.ofNullable(bundle),
            Optional.empty());
    var encrypted =
        "CREATE TABLE IF NOT EXISTS seen AS SELECT ssl FROM pg_stat_ssl"
            + " WHERE pid = pg_backend_pid()";
    return MigrationRun.of(target, files("1_s.sql", encrypted), options(), new Recorder()).run();
  }

  @Test
  void theConnectionIsEncryptedAndTheAuthorityIsChecked() throws Exception {
    assertThat(run("localhost", "verify-full", authority)).isInstanceOf(Result.Verified.class);
    assertThat(db.query("SELECT ssl FROM seen")).containsExactly("t");
    var refused = run("localhost", "verify-full", otherAuthority);
    assertThat(((Result.Unavailable) refused).cause().message()).contains("cannot be reached");
  }

  @Test
  void everyAuthorityOfABundleIsTrusted() {
    for (var bundle : new String[] {authority + otherAuthority, otherAuthority + authority}) {
      assertThat(run("localhost", "verify-full", bundle)).isInstanceOf(Result.Verified.class);
      assertThat(run("localhost", "verify-ca", bundle)).isInstanceOf(Result.Verified.class);
    }
  }

  @Test
  void anotherHostThanTheCertificateNamesIsRefused() {
    assertThat(run("127.0.0.1", "verify-ca", authority)).isInstanceOf(Result.Verified.class);
    assertThat(run("127.0.0.1", "verify-full", authority)).isInstanceOf(Result.Unavailable.class);
  }

  @Test
  void aTextWithoutACertificateIsASentence() {
    var result = (Result.Unavailable) run("localhost", "verify-full", "");
    assertThat(result.cause().message())
        .contains("the authority's certificates cannot be read: there is none");
  }
}
