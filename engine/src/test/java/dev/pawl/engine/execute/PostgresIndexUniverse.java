package dev.pawl.engine.execute;

import dev.pawl.engine.dialect.Verdict;
import dev.pawl.engine.execute.Course.Event;
import dev.pawl.engine.execute.Course.Mend;
import dev.pawl.engine.verify.Observation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * CREATE [UNIQUE] INDEX CONCURRENTLY IF NOT EXISTS on PostgreSQL, in the abstract: what {@code
 * VERIFICATION.md} says of builders, locks and leftovers, each line of which has a test on the real
 * server. A naive client runs the same statement, and believes what it is told.
 */
class PostgresIndexUniverse implements Universe<PostgresIndexUniverse.World> {
  /** The index as the catalog has it. */
  enum Index {
    ABSENT,
    INVALID,
    VALID
  }

  /** Something sent, by its sender. */
  enum Work {
    NONE,
    WAITS_TO_BUILD,
    BUILDS,
    REINDEXES,
    SUCCEEDED,
    EXISTS,
    LOST,
    REFUSED
  }

  /**
   * @param builder who holds the table's lock for its build, or -1; the naive client is the last
   * @param clients what each is at; a builder whose client is gone goes on
   * @param builds what the builder is at
   * @param naive whether the naive client may still begin
   * @param kills how many builders may still be killed, by a deadlock or an administrator
   * @param drops how often a person may still drop the index
   */
  record World(
      Index index,
      int builder,
      Work builds,
      List<Work> clients,
      boolean naive,
      int kills,
      int drops,
      boolean duplicates) {
    World with(Index index, int builder, Work builds) {
      return new World(index, builder, builds, clients, naive, kills, drops, duplicates);
    }

    World with(int client, Work work) {
      var all = new ArrayList<>(clients);
      all.set(client, work);
      return new World(index, builder, builds, List.copyOf(all), naive, kills, drops, duplicates);
    }

    World less(int kills, int drops) {
      return new World(
          index,
          builder,
          builds,
          clients,
          naive,
          this.kills - kills,
          this.drops - drops,
          duplicates);
    }

    World withoutNaive() {
      return new World(index, builder, builds, clients, false, kills, drops, duplicates);
    }

    World withoutDuplicates() {
      return new World(index, builder, builds, clients, naive, kills, drops, false);
    }
  }

  private final int pawls;
  private final int kills;
  private final boolean duplicates;

  PostgresIndexUniverse(int pawls, int kills, boolean duplicates) {
    this.pawls = pawls;
    this.kills = kills;
    this.duplicates = duplicates;
  }

  @Override
  public World begin() {
    return new World(
        Index.ABSENT,
        -1,
        Work.NONE,
        Collections.nCopies(pawls + 1, Work.NONE),
        true,
        kills,
        1,
        duplicates);
  }

  @Override
  public List<Turn<World>> turns(World world) {
    var turns = new ArrayList<Turn<World>>();
    if (world.naive()) {
      turns.add(new Turn<>("naive begins", build(world.withoutNaive(), pawls)));
    }
    if (world.duplicates()) {
      turns.add(new Turn<>("a person removes the duplicates", world.withoutDuplicates()));
    }
    if (world.builder() < 0) {
      for (int k = 0; k <= pawls; k++) {
        if (world.clients().get(k) == Work.WAITS_TO_BUILD) {
          turns.add(new Turn<>(k + " has the lock", build(world.with(k, Work.NONE), k)));
        }
      }
      if (world.drops() > 0 && world.index() != Index.ABSENT) {
        turns.add(
            new Turn<>("a person drops it", world.with(Index.ABSENT, -1, Work.NONE).less(0, 1)));
      }
      return turns;
    }
    turns.add(new Turn<>("the build ends", ends(world)));
    if (world.kills() > 0) {
      turns.add(
          new Turn<>("the builder is killed", stops(world, world.index(), Work.LOST).less(1, 0)));
    }
    return turns;
  }

  private static World build(World world, int client) {
    if (world.builder() >= 0) {
      return world.with(client, Work.WAITS_TO_BUILD);
    }
    return world.index() == Index.ABSENT
        ? world.with(Index.INVALID, client, Work.BUILDS).with(client, Work.BUILDS)
        : world.with(client, Work.SUCCEEDED); // IF NOT EXISTS: whatever is there
  }

  private static World ends(World world) {
    return world.duplicates()
        ? stops(world, Index.INVALID, Work.REFUSED)
        : stops(world, Index.VALID, Work.SUCCEEDED);
  }

  private static World stops(World world, Index index, Work answer) {
    var stopped = world.with(index, -1, Work.NONE);
    boolean heard = world.clients().get(world.builder()) == world.builds();
    return heard ? stopped.with(world.builder(), answer) : stopped;
  }

  @Override
  public World send(World world, int pawl, Mend mend) {
    if (mend == Mend.SEND || world.builder() >= 0) {
      return build(world, pawl);
    }
    return switch (world.index()) {
      case ABSENT -> world.with(pawl, Work.EXISTS);
      case VALID, INVALID ->
          world.with(world.index(), pawl, Work.REINDEXES).with(pawl, Work.REINDEXES);
    };
  }

  @Override
  public Optional<Event> answer(World world, int pawl) {
    return switch (world.clients().get(pawl)) {
      case SUCCEEDED -> Optional.of(new Event.Ok());
      case EXISTS -> Optional.of(new Event.Error(Verdict.EXISTS));
      case LOST -> Optional.of(new Event.Error(Verdict.AMBIGUOUS));
      case REFUSED -> Optional.of(new Event.Error(Verdict.PERMANENT));
      case NONE, WAITS_TO_BUILD, BUILDS, REINDEXES -> Optional.empty();
    };
  }

  @Override
  public World forget(World world, int pawl) {
    return world.with(pawl, Work.NONE);
  }

  @Override
  public Event observe(World world, int pawl) {
    return new Event.Observed(look(world));
  }

  /** What the dialect would see; a test may break it. */
  Observation look(World world) {
    if (world.builder() >= 0) {
      return new Observation.Building(OptionalInt.empty(), Optional.empty(), "building");
    }
    return switch (world.index()) {
      case ABSENT -> new Observation.Absent();
      case INVALID -> new Observation.Invalid("half-made");
      case VALID -> new Observation.Valid();
    };
  }

  @Override
  public boolean free(World world, int pawl) {
    return world.builder() < 0;
  }

  @Override
  public Event confirm(World world, int pawl) {
    return new Event.Answer(predicate(world));
  }

  /** What the predicate would say; a test may break it. */
  boolean predicate(World world) {
    return world.index() == Index.VALID;
  }

  @Override
  public World removeLeftover(World world, int pawl) {
    return world.index() == Index.INVALID && world.builder() < 0
        ? world.with(Index.ABSENT, -1, Work.NONE)
        : world;
  }

  @Override
  public boolean finished(World world) {
    return world.index() == Index.VALID;
  }
}
