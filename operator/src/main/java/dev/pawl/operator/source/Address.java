package dev.pawl.operator.source;

import dev.pawl.crd.Database;
import dev.pawl.engine.sql.Visible;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a database is, as its spec says it, before any Secret is read.
 *
 * @param user where the url names one
 * @param tlsMode where the url names one
 */
public record Address(
    String host, int port, String database, Optional<String> user, Optional<String> tlsMode) {
  private static final int DEFAULT_PORT = 5432;

  /** The rule of the CRD, with groups. */
  private static final Pattern URL =
      Pattern.compile(
          "postgres(?:ql)?://(?:(?<user>[^:/?#@]+)@)?(?<host>[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])"
              + "(?::(?<port>[0-9]{1,5}))?/(?<database>[^/?#]+)(?:\\?sslmode=(?<mode>[a-z-]+))?");

  /** The address of a spec. */
  public static Address of(Database database) {
    return database.url() == null
        ? new Address(
            database.host(),
            database.port() == null ? DEFAULT_PORT : database.port(),
            database.name(),
            Optional.empty(),
            Optional.empty())
        : parse("spec.database.url", database.url());
  }

  /** The address past a pooler, where the spec has one. */
  static Optional<Address> direct(Database database) {
    if (database.directUrl() != null) {
      return Optional.of(parse("spec.database.directUrl", database.directUrl()));
    }
    return Optional.ofNullable(database.directHost())
        .map(
            host ->
                new Address(
                    host,
                    database.directPort() == null ? DEFAULT_PORT : database.directPort(),
                    of(database).database(),
                    Optional.empty(),
                    Optional.empty()));
  }

  private static Address parse(String field, String url) {
    var match = URL.matcher(url);
    if (!match.matches()) {
      throw unreadable(field);
    }
    var host = match.group("host");
    int port = match.group("port") == null ? DEFAULT_PORT : Integer.parseInt(match.group("port"));
    var user = Optional.ofNullable(match.group("user")).map(part -> decode(field, part));
    if (port < 1 || port > 65_535 || user.filter(name -> name.contains(":")).isPresent()) {
      throw unreadable(field); // user%3Apassword is a password too
    }
    return new Address(
        host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
        port,
        decode(field, match.group("database")),
        user,
        Optional.ofNullable(match.group("mode")));
  }

  /** Never with the url itself: it may contain a password. */
  private static InputException unreadable(String field) {
    return InputException.wrong(
        "InvalidUrl",
        field
            + " cannot be read: write postgres://[user@]host[:port]/database, with the password"
            + " in a Secret named by passwordSecret");
  }

  private static String decode(String field, String part) {
    String text;
    try {
      text = URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) { // a % without two digits
      throw unreadable(field);
    }
    if (!Visible.is(text)) {
      throw unreadable(field);
    }
    return text;
  }

  /**
   * To find two that mean the same database: a short name is a Service of the namespace.
   *
   * @param namespace of the SchemaMigration
   */
  public String key(String namespace) {
    return server(namespace) + "/" + database;
  }

  /** To find two databases of one server, likewise. */
  public String server(String namespace) {
    var name = host.toLowerCase(Locale.ROOT);
    var full = ClusterNames.isShort(name) ? ClusterNames.service(name, namespace) : name;
    return ClusterNames.withoutClusterDomain(full) + ":" + port;
  }
}
