package dev.pawl.engine.cockroach;

import dev.pawl.engine.cockroach.world.Caller;
import dev.pawl.engine.cockroach.world.Job;
import dev.pawl.engine.cockroach.world.SqlError;
import dev.pawl.engine.cockroach.world.Transition;
import dev.pawl.engine.cockroach.world.World;
import dev.pawl.engine.execute.Target;
import dev.pawl.engine.testing.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import org.postgresql.Driver;

/**
 * A server for tests that behaves as CockroachDB does where Pawl looks. It is a model, made from
 * CockroachDB's documentation and public source, and no CockroachDB: docs/cockroachdb-model.md says
 * what it knows.
 */
public final class CockroachModel implements AutoCloseable {
  private final ModelOptions options;
  private final TestDatabase backing;
  private final Faults faults = new Faults();
  private final Map<Integer, ModelSession> sessions = new ConcurrentHashMap<>();
  private final List<Node> nodes = new ArrayList<>();
  private final Cluster cluster;
  private final Set<String> postgresFunctions;
  private final Users users;

  /** One node: where it listens, and whether it answers. */
  private final class Node {
    private final ServerSocket socket;
    private volatile CountDownLatch hanging = new CountDownLatch(0);

    private Node() throws IOException {
      socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }
  }

  private CockroachModel(ModelOptions options) throws IOException, SQLException {
    this.options = options;
    this.backing = TestDatabase.fresh();
    this.users = new Users(options.users());
    this.postgresFunctions =
        Set.copyOf(backing.query("SELECT DISTINCT proname FROM pg_catalog.pg_proc"));
    var target = backing.direct();
    this.cluster =
        new Cluster(
            World.empty(options.version(), options.nodes(), options.leaseLag()),
            new Shadow(Backing.open(target.port(), target.database(), "model")),
            options.autoAdvance()
                ? Optional.of(Duration.ofMillis(options.stepMillis()))
                : Optional.empty());
    for (int k = 0; k < options.nodes(); k++) {
      var node = new Node();
      nodes.add(node);
      int number = k;
      Thread.ofVirtual().start(() -> accept(node, number));
    }
  }

  /** Starts one; it ends with {@link #close()}. */
  public static CockroachModel start(ModelOptions options) {
    try {
      return new CockroachModel(options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private void accept(Node node, int number) {
    try {
      while (true) {
        var client = node.socket.accept();
        Thread.ofVirtual().start(() -> greet(client, number));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void greet(Socket client, int node) {
    try (var wire = new Wire(client)) {
      while (true) {
        var startup = wire.startup();
        switch (startup.code()) {
          case Wire.SSL_REQUEST, Wire.GSS_REQUEST -> wire.writeByte('N');
          case Wire.CANCEL_REQUEST -> {
            int pid = java.nio.ByteBuffer.wrap(startup.rest()).getInt();
            var session = sessions.get(pid);
            if (session != null) {
              session.cancel();
            }
            return;
          }
          default -> {
            serve(wire, node, startup.parameters());
            return;
          }
        }
      }
    } catch (IOException e) {
      // The client is gone.
    }
  }

  private void serve(Wire wire, int node, Map<String, String> parameters) throws IOException {
    awaitAnswering(node);
    var user = parameters.getOrDefault("user", "");
    if (!users.has(user)) {
      wire.write(Wire.error("FATAL", "28000", "user " + user + " does not exist", ""));
      wire.flush();
      return;
    }
    var target = backing.direct();
    try (var behind =
            Backing.open(
                target.port(), target.database(), parameters.getOrDefault("application_name", ""));
        var session = new ModelSession(this, wire, behind, new Caller(node, user))) {
      sessions.put(session.pid(), session);
      try {
        session.run();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        sessions.remove(session.pid());
      }
    }
  }

  /** Waits while a node does not answer. */
  void awaitAnswering(int node) {
    try {
      nodes.get(node).hanging.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Who is connected, to which node. */
  Collection<ModelSession> sessions() {
    return sessions.values();
  }

  Cluster cluster() {
    return cluster;
  }

  Users users() {
    return users;
  }

  Set<String> postgresFunctions() {
    return postgresFunctions;
  }

  ModelOptions options() {
    return options;
  }

  Faults faults() {
    return faults;
  }

  /** Where a node listens. */
  public int port(int node) {
    return nodes.get(node).socket.getLocalPort();
  }

  /** The first node, entered as root. */
  public Target target() {
    return target(0, "root");
  }

  /** A node, as a run's target. */
  public Target target(int node, String user) {
    return new Target(
        "localhost",
        port(node),
        World.DATABASE,
        user,
        () -> null,
        "disable",
        Optional.empty(),
        Optional.empty());
  }

  /** A connection of root's to the first node, in simple query mode. */
  public Connection connect() throws SQLException {
    return connect(0, "root");
  }

  /** Executes statements as root. */
  public void execute(String... statements) throws SQLException {
    try (var connection = connect();
        var statement = connection.createStatement()) {
      for (var sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** The rows of a query of root's, each as its columns joined by a bar. */
  public List<String> query(String sql) throws SQLException {
    try (var connection = connect()) {
      return TestDatabase.rows(connection, sql);
    }
  }

  /** A connection in simple query mode and autocommit. */
  public Connection connect(int node, String user) throws SQLException {
    var properties = new Properties();
    properties.setProperty("PGHOST", "localhost");
    properties.setProperty("PGPORT", Integer.toString(port(node)));
    properties.setProperty("user", user);
    properties.setProperty("preferQueryMode", "simple");
    properties.setProperty("sslmode", "disable");
    return new Driver().connect("jdbc:postgresql:" + World.DATABASE, properties);
  }

  /** Its whole state now. */
  public World world() {
    return cluster.world();
  }

  /** Puts another state in the place of its own: what clients wait for is judged by that. */
  public void restore(World world) {
    cluster.become(world);
  }

  /** Lets one thing happen. */
  public void apply(Transition transition) {
    cluster.apply(transition);
  }

  /** Lets everything happen that can, but to jobs that are held. */
  public void settle() {
    cluster.settle();
  }

  /** From now on, jobs whose description holds this fail at their work on rows. */
  public void breakBackfills(String description, SqlError error) {
    cluster.breakBackfills(job -> job.description().contains(description), error);
  }

  /** What was broken works again. */
  public void healBackfills() {
    cluster.healBackfills();
  }

  /** These jobs stand still where they are. */
  public void hold(Predicate<Job> jobs) {
    cluster.hold(jobs);
  }

  /** Jobs go on until so many have failed; those that are left then stand still. */
  public void holdAfterFailures(int count) {
    hold(
        _ ->
            world().jobs().values().stream().filter(j -> j.status() == Job.Status.FAILED).count()
                >= count);
  }

  /** All jobs go on again. */
  public void release() {
    cluster.hold(_ -> false);
  }

  /** Arms a fault. */
  public void inject(Fault fault) {
    faults.add(fault);
  }

  /** Whether every fault that was armed has struck. */
  public boolean faultsSpent() {
    return faults.spent();
  }

  /** From now on a node takes what it is sent and answers nothing. */
  public void hang(int node) {
    nodes.get(node).hanging = new CountDownLatch(1);
  }

  /** A node answers again, also what it was sent meanwhile. */
  public void answerAgain(int node) {
    nodes.get(node).hanging.countDown();
  }

  /** Cuts every connection of a node, as when its process is killed. */
  public void cutConnections(int node) {
    sessions.values().stream().filter(s -> s.node() == node).forEach(ModelSession::cut);
  }

  @Override
  public void close() {
    try {
      for (var node : nodes) {
        node.socket.close();
        node.hanging.countDown();
      }
      cluster.close();
      sessions.values().forEach(ModelSession::cut);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
