package dev.pawl.engine.execute;

import dev.pawl.engine.change.AddConstraint;
import dev.pawl.engine.change.Classifier;
import dev.pawl.engine.change.SchemaChange;
import dev.pawl.engine.cockroach.CockroachModel;
import dev.pawl.engine.cockroach.world.Answer;
import dev.pawl.engine.cockroach.world.Caller;
import dev.pawl.engine.cockroach.world.Job;
import dev.pawl.engine.cockroach.world.SqlError;
import dev.pawl.engine.cockroach.world.Transition;
import dev.pawl.engine.cockroach.world.World;
import dev.pawl.engine.dialect.Dialect;
import dev.pawl.engine.execute.Course.Event;
import dev.pawl.engine.execute.Course.Mend;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Splitter;
import dev.pawl.engine.verify.Observation;
import dev.pawl.engine.verify.VerifyQuery;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * One statement on the CockroachDB model. What a Pawl sees is what the real dialect sees, through
 * pgjdbc and the model's wire, at the node that the Pawl is connected to. A naive client sends the
 * same statement once, and believes its answer.
 */
class CockroachUniverse implements Universe<CockroachUniverse.Cluster>, AutoCloseable {
  private static final SqlError NO_MEMORY =
      new SqlError("53200", "root: memory budget exceeded: 10240 bytes requested");

  /** What became of something sent. */
  sealed interface Sent {
    record Nothing() implements Sent {}

    record WaitsFor(Set<Long> jobs) implements Sent {}

    record Blocked(String sql, Set<Long> jobs, Set<Long> descriptors) implements Sent {}

    record Answered(Optional<SqlError> error) implements Sent {}
  }

  /**
   * @param clients what each is at; the naive one is the last
   * @param naive whether that may still begin
   * @param failures how many jobs may still fail
   * @param pauses how many jobs may still be paused or cancelled by a person
   */
  record Cluster(World world, List<Sent> clients, boolean naive, int failures, int pauses) {
    Cluster with(World other) {
      return new Cluster(other, clients, naive, failures, pauses);
    }

    Cluster with(int client, Sent sent) {
      var all = new ArrayList<>(clients);
      all.set(client, sent);
      return new Cluster(world, List.copyOf(all), naive, failures, pauses);
    }
  }

  /**
   * What is explored.
   *
   * @param begin the schema before
   * @param statement the step
   * @param naive what the naive client sends
   * @param truth whether the step is done, wholly and for good
   * @param failures how many jobs may fail
   * @param pauses how many jobs may be paused or cancelled by a person
   */
  record Scenario(
      World begin,
      String statement,
      String naive,
      Predicate<World> truth,
      int pawls,
      int failures,
      int pauses) {}

  private record Seen(World world, int node) {}

  private final CockroachModel model;
  private final Scenario scenario;
  private final SchemaChange change;
  private final Dialect dialect = Dialect.of(DatabaseKind.COCKROACHDB);
  private final List<Connection> connections = new ArrayList<>();
  private final Map<Seen, Event> looks = new HashMap<>();
  private final Map<Seen, Event> answers = new HashMap<>();

  /** A universe of its own on a model whose jobs stand still. */
  CockroachUniverse(CockroachModel model, Scenario scenario) throws SQLException {
    this.model = model;
    this.scenario = scenario;
    this.change =
        Classifier.classify(
                Splitter.split(scenario.statement(), DatabaseKind.COCKROACHDB).getFirst(),
                DatabaseKind.COCKROACHDB)
            .getFirst();
    for (int node = 0; node < scenario.begin().leases().size(); node++) {
      connections.add(model.connect(node, "root"));
    }
  }

  private int node(int client) {
    return client % connections.size();
  }

  @Override
  public Cluster begin() {
    return new Cluster(
        scenario.begin(),
        Collections.nCopies(scenario.pawls() + 1, new Sent.Nothing()),
        true,
        scenario.failures(),
        scenario.pauses());
  }

  @Override
  public List<Turn<Cluster>> turns(Cluster cluster) {
    var turns = new ArrayList<Turn<Cluster>>();
    var world = cluster.world();
    if (cluster.naive()) {
      var begun =
          new Cluster(world, cluster.clients(), false, cluster.failures(), cluster.pauses());
      turns.add(new Turn<>("naive sends it", execute(begun, scenario.pawls(), scenario.naive())));
    }
    for (var transition : world.enabled()) {
      if (!collects(world, transition)) {
        turns.add(turn(cluster, transition, 0, 0));
      }
    }
    for (var transition : world.interventions()) {
      if (transition instanceof Transition.Resume) {
        turns.add(turn(cluster, transition, 0, 0));
      } else if (cluster.pauses() > 0) {
        turns.add(turn(cluster, transition, 0, 1));
      }
    }
    if (cluster.failures() > 0) {
      world.failures(NO_MEMORY).stream()
          .filter(Transition.Fail.class::isInstance)
          .forEach(t -> turns.add(turn(cluster, t, 1, 0)));
    }
    for (int client = 0; client <= scenario.pawls(); client++) {
      if (cluster.clients().get(client) instanceof Sent.Blocked(var sql, var jobs, var descriptors)
          && jobs.stream().allMatch(j -> over(world, j))
          && world.leases().stream()
              .noneMatch(l -> l.keySet().stream().anyMatch(descriptors::contains))) {
        turns.add(new Turn<>(client + " is blocked no longer", execute(cluster, client, sql)));
      }
    }
    return turns;
  }

  private static Turn<Cluster> turn(
      Cluster cluster, Transition transition, int failures, int pauses) {
    return new Turn<>(
        transition.toString(),
        new Cluster(
            cluster.world().apply(transition),
            cluster.clients(),
            cluster.naive(),
            cluster.failures() - failures,
            cluster.pauses() - pauses));
  }

  /** Old data is of no concern to anybody. */
  private static boolean collects(World world, Transition transition) {
    return transition instanceof Transition.Advance(long job)
        && world.jobs().get(job).type() == Job.Type.SCHEMA_CHANGE_GC;
  }

  private static boolean over(World world, long job) {
    return !world.jobs().containsKey(job) || world.jobs().get(job).over();
  }

  private Cluster execute(Cluster cluster, int client, String sql) {
    return switch (cluster.world().execute(new Caller(node(client), "root"), sql)) {
      case Answer.Done(var world, _, _) ->
          cluster.with(world).with(client, new Sent.Answered(Optional.empty()));
      case Answer.Started(var world, _, var jobs) ->
          cluster.with(world).with(client, new Sent.WaitsFor(jobs));
      case Answer.Blocked(var world, var jobs, var descriptors) ->
          cluster.with(world).with(client, new Sent.Blocked(sql, jobs, descriptors));
      case Answer.Refused(var world, var error) ->
          cluster.with(world).with(client, new Sent.Answered(Optional.of(error)));
    };
  }

  @Override
  public Cluster send(Cluster cluster, int pawl, Mend mend) {
    return execute(cluster, pawl, mend == Mend.SEND ? scenario.statement() : repair());
  }

  /** A constraint that was left not validated is. */
  private String repair() {
    var constraint = (AddConstraint) change;
    return "ALTER TABLE %s VALIDATE CONSTRAINT %s"
        .formatted(constraint.table().quoted(), constraint.name().orElseThrow());
  }

  @Override
  public Optional<Event> answer(Cluster cluster, int pawl) {
    return switch (cluster.clients().get(pawl)) {
      case Sent.Nothing _, Sent.Blocked _ -> Optional.empty();
      case Sent.WaitsFor(var jobs) ->
          cluster.world().outcome(jobs).map(outcome -> event(outcome.error()));
      case Sent.Answered(var error) -> Optional.of(event(error));
    };
  }

  private Event event(Optional<SqlError> error) {
    return error
        .<Event>map(
            e -> new Event.Error(dialect.verdict(new SQLException(e.message(), e.state()), false)))
        .orElseGet(Event.Ok::new);
  }

  @Override
  public Cluster forget(Cluster cluster, int pawl) {
    return cluster.with(pawl, new Sent.Nothing());
  }

  @Override
  public Event observe(Cluster cluster, int pawl) {
    return seen(
        looks,
        cluster,
        pawl,
        connection -> new Event.Observed(observe(connection, dialect, change)));
  }

  @Override
  public Event confirm(Cluster cluster, int pawl) {
    return seen(
        answers,
        cluster,
        pawl,
        connection ->
            new Event.Answer(VerifyQuery.ask(connection, predicate(dialect, change)).verified()));
  }

  /** A question to the model. */
  private interface Question {
    Event ask(Connection connection) throws SQLException;
  }

  /** Asks once for each world and node: the answer depends on nothing else. */
  private Event seen(Map<Seen, Event> known, Cluster cluster, int pawl, Question question) {
    return known.computeIfAbsent(
        new Seen(cluster.world(), node(pawl)),
        seen -> {
          model.restore(seen.world());
          try {
            return question.ask(connections.get(seen.node()));
          } catch (SQLException e) {
            return new Event.Error(dialect.verdict(e, false));
          }
        });
  }

  /** What a Pawl sees; a test may break it. */
  Observation observe(Connection connection, Dialect dialect, SchemaChange change)
      throws SQLException {
    return dialect.observe(connection, change, Optional.empty());
  }

  @Override
  public boolean free(Cluster cluster, int pawl) {
    return true;
  }

  /** The predicate that is asked; a test may break it. */
  String predicate(Dialect dialect, SchemaChange change) {
    return dialect.predicate(change).orElseThrow();
  }

  @Override
  public Cluster removeLeftover(Cluster cluster, int pawl) {
    return cluster;
  }

  @Override
  public boolean finished(Cluster cluster) {
    return scenario.truth().test(cluster.world());
  }

  @Override
  public void close() throws SQLException {
    for (var connection : connections) {
      connection.close();
    }
  }
}
