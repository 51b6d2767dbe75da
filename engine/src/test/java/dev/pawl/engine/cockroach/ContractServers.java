package dev.pawl.engine.cockroach;

import dev.pawl.engine.cockroach.world.ModelVersion;
import dev.pawl.engine.execute.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postgresql.Driver;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.cockroachdb.CockroachContainer;

/**
 * What the contract suite runs against: the model in all its versions, always; a real CockroachDB
 * where PAWL_COCKROACH_URL gives one (postgresql://user:password@host:port/?sslmode=…), or Docker
 * can pull its images (tags in PAWL_COCKROACH_TAGS; empty for none). Which it was is said in one
 * line, on the console and in target/cockroachdb-contract.txt.
 */
final class ContractServers {
  private static final String TAGS = "v23.2.25 v25.2.1 latest";
  private static final Pattern RELEASE = Pattern.compile("v(\\d+)\\.(\\d+)");
  private static final Map<ModelVersion, ContractServer> MODELS = models();
  private static final List<ContractServer> REAL = start();

  private ContractServers() {}

  /** The model of a version. */
  static ContractServer model(ModelVersion version) {
    return MODELS.get(version);
  }

  /** For {@code @MethodSource}; often none. */
  static Stream<ContractServer> real() {
    return REAL.stream();
  }

  private static Map<ModelVersion, ContractServer> models() {
    var models = new EnumMap<ModelVersion, ContractServer>(ModelVersion.class);
    for (var version : ModelVersion.values()) {
      models.put(version, new Modelled(version));
    }
    return models;
  }

  private static List<ContractServer> start() {
    var real = new ArrayList<ContractServer>();
    var not = new ArrayList<String>();
    real(real, not);
    var run =
        real.isEmpty()
            ? "a real CockroachDB was NOT run"
            : "and against "
                + real.stream().map(Object::toString).collect(Collectors.joining(", "));
    tell(
        "CockroachDB contract: run against the model ("
            + MODELS.keySet().stream().map(Object::toString).collect(Collectors.joining(", "))
            + "); "
            + run
            + (not.isEmpty() ? "" : ": " + String.join(", ", not)));
    return List.copyOf(real);
  }

  private static void tell(String line) {
    System.out.println("\n" + line);
    try {
      var file = Path.of("target", "cockroachdb-contract.txt");
      Files.createDirectories(file.getParent());
      Files.writeString(file, line + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void real(List<ContractServer> real, List<String> not) {
    var url = System.getenv("PAWL_COCKROACH_URL");
    if (url != null && !url.isBlank()) {
      real.add(new Real(URI.create(url)));
      return;
    }
    not.add("PAWL_COCKROACH_URL is not set");
    var tags = Optional.ofNullable(System.getenv("PAWL_COCKROACH_TAGS")).orElse(TAGS).strip();
    if (tags.isEmpty()) {
      not.add("PAWL_COCKROACH_TAGS is empty");
      return;
    }
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      not.add("Docker is not there");
      return;
    }
    for (var tag : tags.split("\\s+")) {
      try {
        var container = new CockroachContainer("cockroachdb/cockroach:" + tag);
        container.start();
        real.add(
            new Real(
                URI.create(
                    "postgresql://root@"
                        + container.getHost()
                        + ":"
                        + container.getMappedPort(26257)
                        + "/?sslmode=disable")));
      } catch (RuntimeException e) {
        not.add("Docker has no cockroachdb/cockroach:" + tag);
      }
    }
  }

  private static Connection open(Target target) throws SQLException {
    var properties = new Properties();
    properties.setProperty("PGHOST", target.host());
    properties.setProperty("PGPORT", Integer.toString(target.port()));
    properties.setProperty("user", target.user());
    var password = target.password().get();
    if (password != null) {
      properties.setProperty("password", password);
    }
    properties.setProperty("preferQueryMode", "simple");
    properties.setProperty("sslmode", target.tlsMode());
    return new Driver().connect("jdbc:postgresql:" + target.database(), properties);
  }

  /** The model of a version, made when it is first asked for. */
  private static final class Modelled implements ContractServer {
    private final ModelVersion version;
    private CockroachModel model;

    private Modelled(ModelVersion version) {
      this.version = version;
    }

    private synchronized CockroachModel model() {
      if (model == null) {
        model = CockroachModel.start(ModelOptions.of(version).stepMillis(2));
        // The PostgreSQL behind it does not end before its sessions.
        Runtime.getRuntime().addShutdownHook(new Thread(model::close));
      }
      return model;
    }

    @Override
    public Target newUser(String name) throws SQLException {
      try (var connection = connect();
          var statement = connection.createStatement()) {
        statement.execute("CREATE USER " + name);
      }
      return model().target(0, name);
    }

    @Override
    public Target target() {
      return model().target();
    }

    @Override
    public Connection connect() throws SQLException {
      return open(target());
    }

    @Override
    public boolean since(int major, int minor) {
      return version.since(major, minor);
    }

    @Override
    public String toString() {
      return "model " + version;
    }
  }

  /** A CockroachDB, with a database of this run's own. */
  private static final class Real implements ContractServer {
    private final Target target;
    private final String release;
    private final List<String> users = new CopyOnWriteArrayList<>();

    private Real(URI uri) {
      var login = Optional.ofNullable(uri.getRawUserInfo()).orElse("root").split(":", 2);
      var database = "pawl_contract_" + UUID.randomUUID().toString().replace("-", "");
      var query = Optional.ofNullable(uri.getQuery()).orElse("");
      var mode = Pattern.compile("sslmode=([a-z-]+)").matcher(query);
      var password = login.length == 2 ? decoded(login[1]) : null;
      int port = uri.getPort() < 0 ? 26257 : uri.getPort();
      var tls = mode.find() ? mode.group(1) : "prefer";
      var admin =
          new Target(
              uri.getHost(),
              port,
              "defaultdb",
              decoded(login[0]),
              () -> password,
              tls,
              Optional.empty(),
              Optional.empty());
      this.target =
          new Target(
              uri.getHost(),
              port,
              database,
              decoded(login[0]),
              () -> password,
              tls,
              Optional.empty(),
              Optional.empty());
      try (var connection = open(admin);
          var statement = connection.createStatement()) {
        statement.execute("CREATE DATABASE " + database);
        try (var rows = statement.executeQuery("SELECT version()")) {
          rows.next();
          var found = RELEASE.matcher(rows.getString(1));
          if (!found.find()) {
            throw new IllegalStateException("no CockroachDB: " + rows.getString(1));
          }
          this.release = found.group();
        }
      } catch (SQLException e) {
        throw new IllegalStateException("PAWL_COCKROACH_URL: " + e.getMessage(), e);
      }
      Runtime.getRuntime().addShutdownHook(new Thread(() -> drop(admin, database, users)));
    }

    private static String decoded(String text) {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static void drop(Target admin, String database, List<String> users) {
      try (var connection = open(admin);
          var statement = connection.createStatement()) {
        statement.execute("DROP DATABASE " + database + " CASCADE");
        for (var user : users) {
          for (var sql : List.of("REVOKE SYSTEM ALL FROM ", "REVOKE admin FROM ", "DROP USER ")) {
            try {
              statement.execute(sql + user);
            } catch (SQLException e) {
              System.out.println(sql + user + ": " + e.getMessage());
            }
          }
        }
      } catch (SQLException e) {
        System.out.println("database " + database + " is left: " + e.getMessage());
      }
    }

    /** With a random name, for a cluster outlives the tests; with a password where root has one. */
    @Override
    public Target newUser(String name) throws SQLException {
      var user = name + UUID.randomUUID().toString().substring(0, 8);
      var password = target.password().get() == null ? null : UUID.randomUUID().toString();
      try (var connection = connect();
          var statement = connection.createStatement()) {
        statement.execute(
            "CREATE USER " + user + (password == null ? "" : " WITH PASSWORD '" + password + "'"));
      }
      users.add(user);
      return new Target(
          target.host(),
          target.port(),
          target.database(),
          user,
          () -> password,
          target.tlsMode(),
          Optional.empty(),
          Optional.empty());
    }

    @Override
    public Target target() {
      return target;
    }

    @Override
    public Connection connect() throws SQLException {
      return open(target);
    }

    @Override
    public boolean since(int major, int minor) {
      var numbers = RELEASE.matcher(release);
      numbers.find();
      int first = Integer.parseInt(numbers.group(1));
      return first > major || first == major && Integer.parseInt(numbers.group(2)) >= minor;
    }

    @Override
    public String toString() {
      return "CockroachDB " + release;
    }
  }
}
