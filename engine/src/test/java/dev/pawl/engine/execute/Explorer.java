package dev.pawl.engine.execute;

import dev.pawl.engine.dialect.Verdict;
import dev.pawl.engine.execute.Course.Command;
import dev.pawl.engine.execute.Course.Event;
import dev.pawl.engine.execute.Course.Move;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Walks through every interleaving of some Pawls, each with a ledger row of its own and none
 * knowing of the others, in a {@link Universe}: each may crash and begin again, and lose its
 * connection. In every state the invariant must hold: what a ledger calls verified is finished. And
 * from every state there must be a way to the end of all.
 */
final class Explorer<W> {
  /**
   * One Pawl.
   *
   * @param missing the ledger says that nothing was there when it was sent
   * @param waits it has sent something, and has no answer yet
   * @param mishaps how often it may still crash or lose its connection
   */
  record Pawl(
      Course course, Phase phase, boolean applied, boolean missing, boolean waits, int mishaps) {
    boolean ended() {
      return course.next() instanceof Command.Done || course.next() instanceof Command.Fail;
    }
  }

  /** Everything at one moment. */
  record State<W>(W world, List<Pawl> pawls) {}

  /**
   * What was found.
   *
   * @param violation the way to a state that breaks the invariant, or empty
   * @param stuck the way to a state from which nothing leads to the end, or empty
   * @param whole every state within the bounds was reached; else there were more than the limit
   * @param ends how often each combination of ends was reached
   */
  record Report(
      int states,
      long turns,
      List<String> violation,
      List<String> stuck,
      boolean whole,
      Map<String, Integer> ends) {
    @Override
    public String toString() {
      return "%,d states, %,d transitions, ends %s%s".formatted(states, turns, ends, end());
    }

    private String end() {
      return !violation.isEmpty()
          ? ", the invariant broken after " + violation.size() + " steps"
          : whole ? "" : " (stopped at the limit)";
    }
  }

  private record Reached(int from, String by) {}

  private final Universe<W> universe;
  private final Course.Traits traits;
  private final int limit;
  private final Map<State<W>, Integer> numbers = new HashMap<>();
  private final List<State<W>> states = new ArrayList<>();
  private final List<Reached> reached = new ArrayList<>();
  private final List<int[]> edges = new ArrayList<>();
  private final ArrayDeque<Integer> open = new ArrayDeque<>();
  private int violation = -1;
  private int current;
  private String lastStep = "";

  private Explorer(Universe<W> universe, Course.Traits traits, int limit) {
    this.universe = universe;
    this.traits = traits;
    this.limit = limit;
  }

  /**
   * Explores until nothing is new, the invariant is broken, or there are too many states.
   *
   * @param mishaps how often each Pawl may crash or lose its connection
   */
  static <W> Report explore(
      Universe<W> universe, Course.Traits traits, int pawls, int mishaps, int limit) {
    var explorer = new Explorer<>(universe, traits, limit);
    var pawl = new Pawl(Course.of(traits), Phase.PENDING, false, false, false, mishaps);
    explorer.add(new State<>(universe.begin(), Collections.nCopies(pawls, pawl)), -1, "begin");
    return explorer.run();
  }

  private void add(State<W> state, int from, String by) {
    var known = numbers.putIfAbsent(state, states.size());
    int number = known == null ? states.size() : known;
    if (known == null) {
      states.add(state);
      reached.add(new Reached(from, by));
      open.add(number);
    }
    if (from >= 0) {
      edges.add(new int[] {from, number});
    }
  }

  private Report run() {
    while (!open.isEmpty() && violation < 0 && states.size() < limit) {
      current = open.poll();
      expand(states.get(current));
    }
    boolean whole = open.isEmpty();
    return new Report(
        states.size(),
        edges.size(),
        violation < 0 ? List.of() : wayTo(violation, lastStep),
        violation < 0 && whole ? stuck() : List.of(),
        whole,
        ends());
  }

  private void expand(State<W> state) {
    for (var turn : universe.turns(state.world())) {
      add(new State<>(turn.world(), state.pawls()), current, turn.name());
    }
    for (int k = 0; k < state.pawls().size(); k++) {
      var pawl = state.pawls().get(k);
      if (pawl.ended()) {
        continue;
      }
      move(state, k, pawl);
      if (pawl.mishaps() > 0) {
        crash(state, k, pawl);
      }
    }
  }

  private void to(State<W> state, int k, Pawl pawl, W world, String by) {
    var pawls = new ArrayList<>(state.pawls());
    pawls.set(k, pawl);
    add(new State<>(world, List.copyOf(pawls)), current, "pawl " + k + ": " + by);
  }

  private void move(State<W> state, int k, Pawl pawl) {
    var world = state.world();
    var command = pawl.course().next();
    switch (command) {
      case Command.ReadRow _ ->
          on(state, k, pawl, new Event.Row(pawl.phase(), pawl.applied(), pawl.missing()));
      case Command.Observe _ -> on(state, k, pawl, universe.observe(world, k));
      case Command.AskWay _ -> on(state, k, pawl, new Event.Way(universe.free(world, k)));
      case Command.Confirm _ -> confirm(state, k, pawl);
      case Command.Await _, Command.Retry _ -> on(state, k, pawl, new Event.Ok());
      case Command.Write(var move) -> write(state, k, pawl, move);
      case Command.RemoveLeftover _ ->
          to(
              state,
              k,
              next(pawl, new Event.Ok()),
              universe.removeLeftover(world, k),
              "removes the leftover");
      case Command.Act(var mend) -> act(state, k, pawl, mend);
      case Command.Done _, Command.Fail _ -> throw new IllegalStateException("it has ended");
    }
  }

  private static Pawl next(Pawl pawl, Event event) {
    return new Pawl(
        pawl.course().on(event),
        pawl.phase(),
        pawl.applied(),
        pawl.missing(),
        false,
        pawl.mishaps());
  }

  private void on(State<W> state, int k, Pawl pawl, Event event) {
    to(state, k, next(pawl, event), state.world(), pawl.course().next() + " → " + event);
  }

  /** What is confirmed is verified, and must be finished now: afterwards somebody may drop it. */
  private void confirm(State<W> state, int k, Pawl pawl) {
    var event = universe.confirm(state.world(), k);
    if (event.equals(new Event.Answer(true)) && !universe.finished(state.world())) {
      violation = current;
      lastStep = "pawl " + k + ": calls it verified, and it is not finished";
    }
    on(state, k, pawl, event);
  }

  private void write(State<W> state, int k, Pawl pawl, Move move) {
    if (!move.from.contains(pawl.phase())) {
      on(state, k, pawl, new Event.Error(Verdict.RETRY));
      return;
    }
    var moved =
        new Pawl(
            pawl.course().on(new Event.Ok()),
            move.to,
            move.to != Phase.APPLYING,
            move == Move.SENDING && pawl.course().missing(),
            false,
            pawl.mishaps());
    to(state, k, moved, state.world(), "writes " + move);
  }

  private void act(State<W> state, int k, Pawl pawl, Course.Mend mend) {
    var world = state.world();
    if (!pawl.waits()) {
      var waiting =
          new Pawl(
              pawl.course(), pawl.phase(), pawl.applied(), pawl.missing(), true, pawl.mishaps());
      to(state, k, waiting, universe.send(world, k, mend), mend + " is sent");
      return;
    }
    universe
        .answer(world, k)
        .ifPresent(
            event ->
                to(state, k, next(pawl, event), universe.forget(world, k), mend + " → " + event));
    if (pawl.mishaps() > 0) {
      var event = new Event.Error(Verdict.AMBIGUOUS);
      var course = pawl.course().on(event);
      var cut =
          new Pawl(course, pawl.phase(), pawl.applied(), pawl.missing(), false, pawl.mishaps() - 1);
      to(state, k, cut, universe.forget(world, k), "its connection is lost");
    }
  }

  private void crash(State<W> state, int k, Pawl pawl) {
    var again =
        new Pawl(
            Course.of(traits),
            pawl.phase(),
            pawl.applied(),
            pawl.missing(),
            false,
            pawl.mishaps() - 1);
    to(state, k, again, universe.forget(state.world(), k), "crashes, and begins again");
  }

  private List<String> wayTo(int state, String last) {
    var way = new ArrayList<String>();
    if (!last.isEmpty()) {
      way.add(last);
    }
    for (int at = state; reached.get(at).from() >= 0; at = reached.get(at).from()) {
      way.add(reached.get(at).by());
    }
    return way.reversed();
  }

  private boolean ended(int state) {
    return states.get(state).pawls().stream().allMatch(Pawl::ended);
  }

  /** The way to the first state from which no way leads to the end of all Pawls. */
  private List<String> stuck() {
    var into = new int[states.size()][];
    var count = new int[states.size()];
    edges.forEach(e -> count[e[1]]++);
    for (int k = 0; k < into.length; k++) {
      into[k] = new int[count[k]];
    }
    for (var edge : edges) {
      into[edge[1]][--count[edge[1]]] = edge[0];
    }
    var ends = new boolean[states.size()];
    var queue = new ArrayDeque<Integer>();
    for (int k = 0; k < ends.length; k++) {
      if (ended(k)) {
        ends[k] = true;
        queue.add(k);
      }
    }
    while (!queue.isEmpty()) {
      Arrays.stream(into[queue.poll()])
          .filter(from -> !ends[from])
          .forEach(
              from -> {
                ends[from] = true;
                queue.add(from);
              });
    }
    for (int k = 0; k < ends.length; k++) {
      if (!ends[k]) {
        return wayTo(k, "");
      }
    }
    return List.of();
  }

  private Map<String, Integer> ends() {
    var ends = new TreeMap<String, Integer>();
    for (int k = 0; k < states.size(); k++) {
      if (ended(k)) {
        var each = new EnumMap<Phase, Integer>(Phase.class);
        for (var pawl : states.get(k).pawls()) {
          boolean done = pawl.course().next() instanceof Command.Done;
          each.merge(done ? Phase.VERIFIED : Phase.FAILED, 1, Integer::sum);
        }
        ends.merge(each.toString(), 1, Integer::sum);
      }
    }
    return ends;
  }
}
