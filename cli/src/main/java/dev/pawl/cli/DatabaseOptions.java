package dev.pawl.cli;

import dev.pawl.engine.execute.Target;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/**
 * Where the database is. A password comes from PGPASSWORD, ~/.pgpass or a file: never from here.
 */
final class DatabaseOptions {
  private static final List<String> TLS_MODES =
      List.of("disable", "prefer", "require", "verify-ca", "verify-full");

  @Option(
      names = "--url",
      required = true,
      paramLabel = "URL",
      description = "postgres://user@host:port/database[?sslmode=…]")
  String url;

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "a file whose first line is the password")
  Path passwordFile;

  @Option(
      names = "--ca-file",
      paramLabel = "FILE",
      description = "the authority's certificate, for sslmode verify-ca and verify-full")
  Path caFile;

  @Option(
      names = "--direct-url",
      paramLabel = "URL",
      description = "the same database past a connection pooler")
  String directUrl;

  /** The target; a usage error where the URL is none. */
  Target target() {
    var main = parse("--url", url);
    return directUrl == null
        ? main
        : new Target(
            main.host(),
            main.port(),
            main.database(),
            main.user(),
            main.password(),
            main.tlsMode(),
            main.caPem(),
            Optional.of(parse("--direct-url", directUrl)));
  }

  private Target parse(String option, String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      // The text itself is not repeated: it may hold a password.
      throw new UsageException(
          option
              + " is not a URL ("
              + e.getReason()
              + "): write postgres://user@host:port/database");
    }
    if (!List.of("postgres", "postgresql").contains(String.valueOf(uri.getScheme()))
        || uri.getHost() == null
        || uri.getPath() == null
        || uri.getPath().length() < 2) {
      throw new UsageException(option + ": write postgres://user@host:port/database");
    }
    var user = uri.getUserInfo() == null ? System.getProperty("user.name") : uri.getUserInfo();
    if (user.contains(":")) {
      throw new UsageException(
          option
              + " holds a password, which every user of this machine could read: leave it out, and"
              + " use PGPASSWORD, ~/.pgpass or --password-file");
    }
    return new Target(
        uri.getHost().replaceAll("^\\[|]$", ""),
        uri.getPort() < 0 ? 5432 : uri.getPort(),
        uri.getPath().substring(1),
        user,
        password(),
        tlsMode(option, uri.getQuery()),
        caFile == null ? Optional.empty() : Optional.of(read("--ca-file", caFile)),
        Optional.empty());
  }

  private static String tlsMode(String option, String query) {
    if (query == null) {
      return "prefer";
    }
    var mode = query.startsWith("sslmode=") ? query.substring("sslmode=".length()) : "";
    if (!TLS_MODES.contains(mode)) {
      throw new UsageException(
          option + ": after ? only sslmode=MODE is known, MODE one of " + TLS_MODES);
    }
    return mode;
  }

  /** Null leaves it to ~/.pgpass, which the driver reads. */
  private Supplier<String> password() {
    if (passwordFile != null) {
      return () -> read("--password-file", passwordFile).lines().findFirst().orElse("");
    }
    return () -> System.getenv("PGPASSWORD");
  }

  private static String read(String option, Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UsageException(option + ": " + file + " cannot be read");
    }
  }
}
