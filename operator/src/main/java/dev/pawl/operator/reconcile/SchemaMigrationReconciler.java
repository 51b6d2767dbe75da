package dev.pawl.operator.reconcile;

import dev.pawl.crd.SchemaMigration;
import dev.pawl.crd.SchemaMigrationStatus;
import dev.pawl.crd.Source;
import dev.pawl.engine.execute.ActivityReader;
import dev.pawl.engine.execute.Identity;
import dev.pawl.engine.execute.MigrationRun;
import dev.pawl.engine.execute.Result;
import dev.pawl.engine.execute.RunOptions;
import dev.pawl.operator.gate.GateKeeper;
import dev.pawl.operator.gate.Gates;
import dev.pawl.operator.gate.Openings;
import dev.pawl.operator.source.Address;
import dev.pawl.operator.source.Targets;
import dev.pawl.operator.status.Metrics;
import dev.pawl.operator.status.Outlook;
import dev.pawl.operator.status.StatusView;
import dev.pawl.operator.status.Term;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;

/** From spec to run to status. Never waits for a database: runners do, on threads of their own. */
@Singleton
@ControllerConfiguration(
    name = "schemamigration",
    fieldManager = SchemaMigrationReconciler.FIELD_MANAGER,
    triggerReconcilerOnAllEvents = true) // to hear of deletions without a finalizer
@GradualRetry(maxAttempts = -1, initialInterval = 1_000, maxInterval = 30_000) // never give up
public class SchemaMigrationReconciler implements Reconciler<SchemaMigration> {
  static final String FIELD_MANAGER = "pawl";

  /** ConfigMaps with this label are watched; others are read when there is need. */
  private static final String SOURCE_LABEL = "pawl.dev/source";

  private static final Duration SOON = Duration.ofMillis(1);
  private static final Duration NOT_LEADING = Duration.ofMillis(200);
  private static final Duration RECHECK = Duration.ofSeconds(30);

  /** How often what is verified is compared with the ledger again. */
  private static final Duration RESYNC = Duration.ofMinutes(10);

  private static final Duration LEASE_TTL = Duration.ofSeconds(10);
  private static final int RUNS_PER_DATABASE = 4;

  private final Wishes wishes;
  private final Gates gates;
  private final Herald herald;
  private final Metrics metrics;
  private final Term term;
  private final Targets targets;
  private final Runner.Tools tools;
  private final SimpleInboundEventSource<SchemaMigration> runnerNews =
      new SimpleInboundEventSource<>("runners");
  private final ConcurrentMap<ResourceID, Work> works = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Semaphore> permits = new ConcurrentHashMap<>();
  private final ServerWatch servers;
  private IndexedResourceCache<SchemaMigration> all;

  SchemaMigrationReconciler(
      Wishes wishes,
      Gates gates,
      GateKeeper keeper,
      Targets targets,
      Herald herald,
      Metrics metrics,
      Term term,
      Holder holder) {
    this.wishes = wishes;
    this.gates = gates;
    this.herald = herald;
    this.metrics = metrics;
    this.term = term;
    this.targets = targets;
    this.tools =
        new Runner.Tools(
            MigrationRun::of,
            a -> targets.of(a.namespace(), a.database()),
            a ->
                permits.computeIfAbsent(
                    Address.of(a.database()).key(a.namespace()),
                    key -> new Semaphore(RUNS_PER_DATABASE)),
            a ->
                new RunOptions(
                    a.stream(),
                    holder.identity() + "/" + a.namespace() + "/" + a.name(),
                    Optional.of(a.version()),
                    LEASE_TTL,
                    Policies.engine(a.policy())));
    this.servers = new ServerWatch(a -> Identity.read(tools.target().apply(a)), this::isElsewhere);
    servers.start();
    keeper.onGateChange(this::wakeNamespace);
  }

  @Override
  public List<EventSource<?, SchemaMigration>> prepareEventSources(
      EventSourceContext<SchemaMigration> context) {
    all = context.getPrimaryCache();
    var configMaps =
        InformerEventSourceConfiguration.from(ConfigMap.class, SchemaMigration.class)
            .withLabelSelector(SOURCE_LABEL)
            .withSecondaryToPrimaryMapper(this::usersOf)
            .build();
    return List.of(runnerNews, new InformerEventSource<>(configMaps, context));
  }

  @Override
  public UpdateControl<SchemaMigration> reconcile(
      SchemaMigration sm, Context<SchemaMigration> context) {
    var id = ResourceID.fromResource(sm);
    if (context.isPrimaryResourceDeleted()) {
      forget(id);
      return UpdateControl.noUpdate();
    }
    if (term.current().isEmpty()) {
      return UpdateControl.<SchemaMigration>noUpdate().rescheduleAfter(NOT_LEADING);
    }
    var work = works.computeIfAbsent(id, key -> new Work());
    var now = Instant.now();
    if (!work.pace().allows(now)) {
      openGate(sm, work);
      return UpdateControl.<SchemaMigration>noUpdate().rescheduleAfter(Pace.INTERVAL);
    }
    work.hearNews();
    long generation = sm.getMetadata().getGeneration();
    return switch (work.wish(generation, now, () -> wishes.of(sm, all.list(o -> true)))) {
      case Wish.Rest(var outlook) -> {
        servers.leaves(id);
        work.stop();
        yield write(sm, work, Optional.empty(), outlook, now, RECHECK);
      }
      case Wish.Halt halt -> {
        servers.leaves(id);
        yield halt(sm, work, halt, now);
      }
      case Wish.Run(var assignment) -> pursue(sm, work, assignment, now);
    };
  }

  /** Nothing more is begun; what is at work is finished, or cancelled. */
  private UpdateControl<SchemaMigration> halt(
      SchemaMigration sm, Work work, Wish.Halt halt, Instant now) {
    if (halt.cancel()) {
      return cancel(sm, work, halt, now);
    }
    work.finish();
    boolean running = work.isRunning();
    work.hear(now, told -> herald.told(sm, work.progress(), told));
    var before = work.last();
    work.settle(now, RESYNC).ifPresent(result -> herald.ended(sm, false, result, before));
    if (running) {
      openGate(sm, work);
    }
    var said =
        work.isRunning()
            ? Sentences.progress(halt.version(), work.progress())
                + "; this step is finished, and none is begun after it. spec.cancel: true ends it"
                + " at once"
            : "";
    var outlook = wishes.halted(sm, halt, !work.isRunning(), said);
    return write(sm, work, Optional.empty(), outlook, now, work.hasMore() ? SOON : RECHECK);
  }

  private UpdateControl<SchemaMigration> cancel(
      SchemaMigration sm, Work work, Wish.Halt halt, Instant now) {
    var meta = sm.getMetadata();
    var end =
        work.cancel(
            now,
            own ->
                Cancellation.start(
                    sm.stream(),
                    "spec.cancel of " + meta.getNamespace() + "/" + meta.getName(),
                    () -> targets.of(meta.getNamespace(), sm.getSpec().database()),
                    own,
                    () -> runnerNews.propagateEvent(ResourceID.fromResource(sm))));
    var outlook =
        end.isPresent() && end.get() instanceof Cancellation.End.Failed(var cause)
            ? new Outlook.Retrying(cause.reason(), cause.message())
            : wishes.halted(
                sm,
                halt,
                end.isPresent(),
                end.isPresent() && end.get() instanceof Cancellation.End.Done(var said, var steps)
                    ? said
                    : "what runs is being cancelled");
    return write(sm, work, Optional.empty(), outlook, now, RECHECK);
  }

  private UpdateControl<SchemaMigration> pursue(
      SchemaMigration sm, Work work, Assignment assignment, Instant now) {
    boolean wasReady = wasReady(sm, assignment);
    var id = ResourceID.fromResource(sm);
    boolean another = work.assign(assignment);
    if (another) {
      servers.leaves(id);
    }
    boolean minor = work.hear(now, told -> herald.told(sm, work.progress(), told));
    var before = work.last();
    var ended = work.settle(now, RESYNC);
    ended.ifPresent(result -> herald.ended(sm, wasReady, result, before));
    if (ended.isPresent() && ended.get() instanceof Result.Verified verified) {
      servers.rests(id, assignment, verified.identity());
    }
    if (!another) {
      openGate(sm, work);
    }
    boolean recorded = isRecorded(sm, assignment);
    if (recorded && work.isDue(now)) {
      servers.leaves(id);
      work.start(tools, () -> tell(id, work));
    }
    if (recorded && minor && work.isRunning() && !work.pace().rested(now)) {
      return UpdateControl.<SchemaMigration>noUpdate().rescheduleAfter(Pace.INTERVAL);
    }
    var next = work.hasMore() || !recorded ? SOON : work.isRunning() ? RECHECK : work.untilDue(now);
    var patience = Policies.stalledAfter(assignment.policy());
    work.standstill().see(work.progress(), work.isRunning(), now);
    var outlook =
        work.standstill()
            .of(
                work.outlook(wasReady),
                now,
                patience,
                () -> ActivityReader.read(tools.target().apply(assignment), assignment.stream()),
                () -> runnerNews.propagateEvent(id));
    if (outlook instanceof Outlook.Stuck(var message)) {
      herald.stuck(sm, message);
    }
    var left = work.standstill().left(now, patience);
    var soonest = left.isPositive() && left.compareTo(next) < 0 ? left : next;
    return write(sm, work, Optional.of(assignment), outlook, now, soonest);
  }

  /** The digest of what is about to be executed stands in the status, with our term. */
  private boolean isRecorded(SchemaMigration sm, Assignment assignment) {
    return isAbout(sm, assignment)
        && Optional.ofNullable(sm.getStatus().term())
            .equals(Optional.of(term.current().orElse(-1)));
  }

  private static boolean isAbout(SchemaMigration sm, Assignment assignment) {
    var status = sm.getStatus();
    return status != null
        && sm.getMetadata().getGeneration().equals(status.observedGeneration())
        && assignment.source().digest().equals(status.sourceDigest());
  }

  private static boolean wasReady(SchemaMigration sm, Assignment assignment) {
    return isAbout(sm, assignment)
        && sm.getStatus().conditions() != null
        && sm.getStatus().conditions().stream()
            .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
  }

  /**
   * Opens the gate just before the status says Ready, when all that the run has told is shown: pods
   * never start while the status still shows the steps they need as under way. Closes it where the
   * ledger has gone back, or the server is another.
   */
  private void openGate(SchemaMigration sm, Work work) {
    var namespace = sm.getMetadata().getNamespace();
    var name = sm.getMetadata().getName();
    Optional<Result> result = work.result();
    var here = work.identity();
    here.ifPresent(identity -> closeElsewhere(sm, work, identity));
    if (here.isPresent()
        && result.isPresent()
        && result.get() instanceof Result.Verified verified
        && !verified.identity().equals(here.get())) {
      return; // that was elsewhere
    }
    if (result.isPresent() && !work.hasMore()) {
      gates.update(namespace, name, before -> Openings.after(before, result.get()));
    } else if (work.isRunning() && work.progress().moved()) {
      gates.update(namespace, name, before -> Openings.seen(before, work.progress().states()));
    }
  }

  /** What was observed on another server, or before a failover, opens nothing. */
  private void closeElsewhere(SchemaMigration sm, Work work, String here) {
    var namespace = sm.getMetadata().getNamespace();
    var name = sm.getMetadata().getName();
    var opening = gates.opening(namespace, name);
    if (Openings.on(opening, here).equals(opening)) {
      return;
    }
    gates.update(namespace, name, before -> Openings.on(before, here));
    work.failedOver(opening.get().identity(), here);
    herald.failedOver(sm, opening.get().identity(), here);
  }

  private void isElsewhere(ResourceID id, String identity) {
    Optional.ofNullable(works.get(id))
        .ifPresent(
            work -> {
              work.elsewhere(identity);
              runnerNews.propagateEvent(id);
            });
  }

  private UpdateControl<SchemaMigration> write(
      SchemaMigration sm,
      Work work,
      Optional<Assignment> assignment,
      Outlook outlook,
      Instant now,
      Duration next) {
    var meta = sm.getMetadata();
    var view =
        new StatusView(
            meta.getGeneration(),
            term.current().orElseThrow(),
            outlook,
            work.progress().steps(),
            work.progress().latest(),
            assignment.map(a -> a.source().digest()),
            gates.opening(meta.getNamespace(), meta.getName()));
    SchemaMigrationStatus status = view.render(sm.getStatus(), now);
    metrics.migration(
        meta.getNamespace(),
        meta.getName(),
        outlook instanceof Outlook.Ready || outlook instanceof Outlook.Suspended(var r, var m) && r,
        status.counts() == null ? Map.of() : status.counts());
    var again = next.compareTo(SOON) < 0 ? SOON : next;
    if (status.equals(sm.getStatus())) {
      return UpdateControl.<SchemaMigration>noUpdate().rescheduleAfter(again);
    }
    work.pace().write(now);
    var owned = new SchemaMigration(); // server-side apply: only what is ours
    owned.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(meta.getNamespace())
            .withName(meta.getName())
            .build());
    owned.setStatus(status);
    return UpdateControl.patchStatus(owned).rescheduleAfter(again);
  }

  @Override
  public ErrorStatusUpdateControl<SchemaMigration> updateErrorStatus(
      SchemaMigration sm, Context<SchemaMigration> context, Exception error) {
    for (Throwable e = error; e != null; e = e.getCause()) {
      if (e.getMessage() != null && e.getMessage().contains(SchemaMigrationStatus.LATER_TERM)) {
        term.overtaken(
            sm.getMetadata().getNamespace()
                + "/"
                + sm.getMetadata().getName()
                + ": "
                + SchemaMigrationStatus.LATER_TERM);
      }
    }
    return ErrorStatusUpdateControl.defaultErrorProcessing();
  }

  /** Cancels all runs, at once: leadership is lost, or the process ends. */
  public void cancelAll() {
    servers.stop();
    works.values().forEach(Work::stop);
  }

  private void forget(ResourceID id) {
    servers.leaves(id);
    Optional.ofNullable(works.remove(id)).ifPresent(Work::stop);
    metrics.forget(id.getNamespace().orElse(""), id.getName());
  }

  private void tell(ResourceID id, Work work) {
    if (work.hasNews() || work.result().isPresent()) { // a result opens the gate: never late
      runnerNews.propagateEvent(id);
    }
  }

  private void wakeNamespace(String namespace) {
    all.list(namespace, sm -> true)
        .forEach(sm -> runnerNews.propagateEvent(ResourceID.fromResource(sm)));
  }

  private Set<ResourceID> usersOf(ConfigMap configMap) {
    var name = configMap.getMetadata().getName();
    return all.list(configMap.getMetadata().getNamespace(), sm -> uses(sm.getSpec().source(), name))
        .map(ResourceID::fromResource)
        .peek(id -> works.computeIfAbsent(id, key -> new Work()).sourceHasChanged())
        .collect(Collectors.toSet());
  }

  private static boolean uses(Source source, String configMap) {
    return source.configMaps() != null
        && source.configMaps().stream().anyMatch(c -> c.name().equals(configMap));
  }
}
