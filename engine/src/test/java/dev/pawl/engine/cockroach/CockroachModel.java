package dev.pawl.engine.cockroach;

import dev.pawl.engine.execute.Target;
import dev.pawl.engine.testing.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.postgresql.Driver;

/**
 * A server for tests that behaves as CockroachDB does where Pawl looks. It is a model, made from
 * CockroachDB's documentation and public source, and no CockroachDB: docs/cockroachdb-model.md says
 * what it knows.
 */
public final class CockroachModel implements AutoCloseable {
  /** The name of its database, as clients know it. */
  public static final String DATABASE = "defaultdb";

  private final ModelOptions options;
  private final TestDatabase backing;
  private final Faults faults = new Faults();
  private final Map<Integer, ModelSession> sessions = new ConcurrentHashMap<>();
  private final List<Node> nodes = new ArrayList<>();

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
    var user = parameters.getOrDefault("user", "");
    if (!user.equals("root") && !options.users().containsKey(user)) {
      wire.write(Wire.error("FATAL", "28000", "user " + user + " does not exist", ""));
      wire.flush();
      return;
    }
    var target = backing.target();
    try (var behind =
            Backing.open(
                target.port(), target.database(), parameters.getOrDefault("application_name", ""));
        var session = new ModelSession(this, wire, behind, node, user)) {
      sessions.put(session.pid(), session);
      try {
        session.run();
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
        DATABASE,
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

  /** A connection in simple query mode and autocommit. */
  public Connection connect(int node, String user) throws SQLException {
    var properties = new Properties();
    properties.setProperty("PGHOST", "localhost");
    properties.setProperty("PGPORT", Integer.toString(port(node)));
    properties.setProperty("user", user);
    properties.setProperty("preferQueryMode", "simple");
    properties.setProperty("sslmode", "disable");
    return new Driver().connect("jdbc:postgresql:" + DATABASE, properties);
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
      sessions.values().forEach(ModelSession::cut);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
