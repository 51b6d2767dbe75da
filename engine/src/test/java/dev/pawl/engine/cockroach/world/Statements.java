package dev.pawl.engine.cockroach.world;

import dev.pawl.engine.cockroach.world.Descriptor.State;
import dev.pawl.engine.cockroach.world.Descriptor.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Carries out one statement: what it publishes at once, and the job that does the rest. */
final class Statements {
  final World world;
  final Caller caller;
  final String description;
  final Draft draft;

  Statements(World world, Caller caller, String description) {
    this.world = world;
    this.caller = caller;
    this.description = description;
    this.draft = new Draft(world);
  }

  Answer execute(Ddl ddl) {
    return switch (ddl) {
      case Ddl.CreateTable d -> createTable(d);
      case Ddl.CreateAs d -> createAs(d);
      case Ddl.CreateSequence d -> createSequence(d);
      case Ddl.CreateType d -> createType(d);
      case Ddl.CreateSchema d -> createSchema(d);
      case Ddl.CreateIndex d -> new Indexing(this).create(d);
      case Ddl.DropIndex d -> new Indexing(this).drop(d);
      case Ddl.RenameIndex d -> new Indexing(this).rename(d);
      case Ddl.DropRelations d -> new Dropping(this).dropRelations(d);
      case Ddl.DropTypes d -> new Dropping(this).dropTypes(d);
      case Ddl.DropSchemas d -> new Dropping(this).dropSchemas(d);
      case Ddl.AlterTable d -> new Altering(this).alter(d);
      case Ddl.AddValue d -> new Typing(this).addValue(d);
      case Ddl.DropValue d -> new Typing(this).dropValue(d);
      case Ddl.RenameType d -> new Typing(this).renameType(d);
      case Ddl.Truncate d -> truncate(d);
      case Ddl.Refresh d -> refresh(d);
      case Ddl.JobControl d -> control(d);
      case Ddl.Nothing d -> done(d.tag());
    };
  }

  Answer done(String tag, Answer.Notice... notices) {
    return new Answer.Done(draft.done(), tag, List.of(notices));
  }

  Answer started(String tag, Job.Type type, List<Mutation> mutations) {
    return started(description, tag, type, mutations);
  }

  private static String goQuoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }

  Answer started(String described, String tag, Job.Type type, List<Mutation> mutations) {
    long job = draft.startJob(type, described, caller.user(), mutations);
    return new Answer.Started(draft.done(), tag, Set.of(job));
  }

  static SqlError.Thrown error(String state, String message) {
    return new SqlError.Thrown(state, message);
  }

  /** pkg/sql/pgwire/pgnotice: a notice has the code of success, whatever it says. */
  static Answer.Notice notice(String message) {
    return new Answer.Notice("00000", message);
  }

  static Answer.Notice skipping(String what) {
    return notice(what + " already exists, skipping");
  }

  /**
   * The declarative schema changer carries out ALTER TABLE and CREATE INDEX by default from 23.1,
   * DROP of whole objects from 22.1 (docs, "Online schema changes", "Declarative schema changer").
   */
  Job.Type changer(boolean wholeObject) {
    return wholeObject || world.version().since(23, 1)
        ? Job.Type.NEW_SCHEMA_CHANGE
        : Job.Type.SCHEMA_CHANGE;
  }

  /** The jobs and leases that a new change of this object has to wait for; empty for none. */
  Optional<Answer> blocked(Descriptor descriptor) {
    var jobs = new java.util.TreeSet<Long>();
    for (var job : world.unfinished()) {
      if (job.descriptors().contains(descriptor.id())) {
        jobs.add(job.id());
      }
    }
    boolean leased = !world.drained(Set.of(descriptor.id()));
    return jobs.isEmpty() && !leased
        ? Optional.empty()
        : Optional.of(
            new Answer.Blocked(
                world, Set.copyOf(jobs), leased ? Set.of(descriptor.id()) : Set.of()));
  }

  /** The relation of this name, in whatever state. */
  Optional<Table> relation(Name name) {
    return world.descriptors().values().stream()
        .filter(Table.class::isInstance)
        .map(Table.class::cast)
        .filter(t -> t.name().equals(name))
        .findFirst();
  }

  Optional<Descriptor.EnumType> type(Name name) {
    return world.descriptors().values().stream()
        .filter(Descriptor.EnumType.class::isInstance)
        .map(Descriptor.EnumType.class::cast)
        .filter(t -> t.name().equals(name))
        .findFirst();
  }

  Optional<Descriptor.Schema> schema(String name) {
    return world.descriptors().values().stream()
        .filter(Descriptor.Schema.class::isInstance)
        .map(Descriptor.Schema.class::cast)
        .filter(s -> s.name().name().equals(name))
        .findFirst();
  }

  /** A table that can be changed. */
  Table tableToChange(Name name) {
    var table = relation(name).orElseThrow(() -> missing("relation", name));
    if (table.state() == State.DROPPING) {
      throw missing("relation", name);
    }
    if (table.state() == State.ADDING) {
      throw error("55000", "relation \"" + name.name() + "\" is being added: try again later");
    }
    return table;
  }

  static SqlError.Thrown missing(String kind, Name name) {
    var shown = name.schema().equals("public") ? name.name() : name.toString();
    return error(
        kind.equals("relation") ? "42P01" : "42704", kind + " \"" + shown + "\" does not exist");
  }

  /**
   * Whether a relation or type of this name is there, for IF NOT EXISTS.
   *
   * @throws SqlError.Thrown where it is there and must not be, where it is being dropped, and where
   *     its schema is not there
   */
  boolean taken(Name name, boolean ifNotExists) {
    if (schema(name.schema()).filter(s -> s.state() == State.PUBLIC).isEmpty()) {
      throw error(
          "3F000",
          "cannot create \"" + name + "\" because the target database or schema does not exist");
    }
    var there = relation(name).map(Descriptor.class::cast).or(() -> type(name));
    if (there.isEmpty()) {
      return false;
    }
    if (there.get().state() == State.DROPPING) {
      // Its name is held until the job is over (pkg/sql/create_table.go, getSchemaForCreateTable).
      throw error("55000", "relation \"" + name.name() + "\" is being dropped, try again later");
    }
    if (ifNotExists) {
      return true;
    }
    throw there.get() instanceof Table
        ? error("42P07", "relation \"" + name.full() + "\" already exists")
        : error("42710", "type \"" + name.full() + "\" already exists");
  }

  private Answer createTable(Ddl.CreateTable ddl) {
    if (taken(ddl.name(), ddl.ifNotExists())) {
      return done("CREATE TABLE", skipping("relation \"" + ddl.name().name() + "\""));
    }
    draft.create(new NewTable(draft.newId(), ddl, this).table());
    return done("CREATE TABLE");
  }

  private Answer createAs(Ddl.CreateAs ddl) {
    var tag =
        switch (ddl.kind()) {
          case VIEW -> "CREATE VIEW";
          case MATERIALIZED_VIEW -> "CREATE MATERIALIZED VIEW";
          default -> "CREATE TABLE AS";
        };
    if (taken(ddl.name(), ddl.ifNotExists())) {
      return done(tag, skipping("relation \"" + ddl.name().name() + "\""));
    }
    boolean view = ddl.kind() == Table.Kind.VIEW;
    long id = draft.newId();
    draft.create(
        new Table(
            id,
            1,
            ddl.name(),
            ddl.kind(),
            view ? State.PUBLIC : State.ADDING,
            List.of(NewTable.rowid()),
            NewTable.primary(ddl.name(), List.of(new Index.Key("rowid", false, false))),
            List.of(),
            List.of(),
            ddl.query()));
    if (view) {
      return done(tag);
    }
    // pkg/sql/create_view.go makes up the description of a view, with Go's quotes.
    var described =
        ddl.kind() == Table.Kind.MATERIALIZED_VIEW
            ? "CREATE VIEW " + goQuoted(ddl.name().full()) + " AS " + goQuoted(ddl.query())
            : description;
    return started(described, tag, Job.Type.SCHEMA_CHANGE, List.of(new Mutation.Populate(id)));
  }

  private Answer createSequence(Ddl.CreateSequence ddl) {
    if (taken(ddl.name(), ddl.ifNotExists())) {
      return done("CREATE SEQUENCE", skipping("relation \"" + ddl.name().name() + "\""));
    }
    draft.create(
        new Table(
            draft.newId(),
            1,
            ddl.name(),
            Table.Kind.SEQUENCE,
            State.PUBLIC,
            List.of(),
            NewTable.primary(ddl.name(), List.of()),
            List.of(),
            List.of(),
            ""));
    return done("CREATE SEQUENCE");
  }

  private Answer createType(Ddl.CreateType ddl) {
    if (taken(ddl.name(), ddl.ifNotExists())) {
      return done(
          "CREATE TYPE", notice("type \"" + ddl.name().full() + "\" already exists, skipping"));
    }
    var labels = ddl.labels().stream().map(l -> new Descriptor.EnumType.Label(l, false)).toList();
    draft.create(new Descriptor.EnumType(draft.newId(), 1, ddl.name(), State.PUBLIC, labels));
    return done("CREATE TYPE");
  }

  private Answer createSchema(Ddl.CreateSchema ddl) {
    var there = schema(ddl.name());
    if (there.isPresent()) {
      if (there.get().state() == State.DROPPING) {
        throw error("55000", "schema \"" + ddl.name() + "\" is being dropped, try again later");
      }
      if (!ddl.ifNotExists()) {
        throw error("42P06", "schema \"" + ddl.name() + "\" already exists");
      }
      return done(
          "CREATE SCHEMA", notice("schema \"" + ddl.name() + "\" already exists, skipping"));
    }
    draft.create(
        new Descriptor.Schema(draft.newId(), 1, new Name(ddl.name(), ddl.name()), State.PUBLIC));
    return done("CREATE SCHEMA");
  }

  private Answer truncate(Ddl.Truncate ddl) {
    var mutations = new ArrayList<Mutation>();
    for (var name : ddl.tables()) {
      var table = tableToChange(name);
      var blocked = blocked(table);
      if (blocked.isPresent()) {
        return blocked.get();
      }
      draft.change(table);
      mutations.add(new Mutation.Truncate(table.id()));
    }
    return started("TRUNCATE", Job.Type.SCHEMA_CHANGE, mutations);
  }

  private Answer refresh(Ddl.Refresh ddl) {
    var view = tableToChange(ddl.view());
    if (view.kind() != Table.Kind.MATERIALIZED_VIEW) {
      throw error("42809", "\"" + ddl.view().name() + "\" is not a materialized view");
    }
    boolean refreshing =
        world.unfinished().stream()
            .flatMap(j -> j.mutations().stream())
            .anyMatch(m -> m instanceof Mutation.Refresh && m.descriptor() == view.id());
    if (refreshing) {
      throw error("55000", "view is already being refreshed");
    }
    var blocked = blocked(view);
    if (blocked.isPresent()) {
      return blocked.get();
    }
    draft.change(view);
    return started(
        "REFRESH MATERIALIZED VIEW",
        Job.Type.SCHEMA_CHANGE,
        List.of(new Mutation.Refresh(view.id())));
  }

  private Answer control(Ddl.JobControl ddl) {
    var after = world;
    for (long id : ddl.jobs()) {
      var job = after.jobs().get(id);
      if (job == null) {
        throw error("XXUUU", "job with ID " + id + " does not exist");
      }
      var transition =
          switch (ddl.verb()) {
            case PAUSE -> new Transition.Pause(id);
            case RESUME -> new Transition.Resume(id);
            case CANCEL -> new Transition.Cancel(id);
          };
      try {
        after = after.apply(transition);
      } catch (IllegalArgumentException e) {
        throw error(
            "XXUUU",
            "job with status "
                + job.status().text()
                + " cannot be requested to be "
                + ddl.verb().name().toLowerCase());
      }
    }
    return new Answer.Done(after, ddl.verb().name() + " JOBS " + ddl.jobs().size(), List.of());
  }
}
