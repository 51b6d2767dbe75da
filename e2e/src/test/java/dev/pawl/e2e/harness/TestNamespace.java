package dev.pawl.e2e.harness;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What one test has for itself: a namespace, a database, and the Secret to enter it. */
public final class TestNamespace {
  /** The Secret with the database's password, in the key password. */
  public static final String SECRET = "database";

  private final Cluster cluster;
  private final String name;
  private final Database database;
  private final List<TestNamespace> siblings = new ArrayList<>();

  private TestNamespace(Cluster cluster, String name, Database database) {
    this.cluster = cluster;
    this.name = name;
    this.database = database;
  }

  /** A namespace of that name and a database of its own for it. */
  public static TestNamespace create(Cluster cluster, String name) {
    return create(cluster, name, cluster.postgres().newDatabase(name.replace('-', '_')));
  }

  private static TestNamespace create(Cluster cluster, String name, Database database) {
    var client = cluster.client();
    client
        .namespaces()
        .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
        .create();
    // Pods are refused until it is there.
    Await.until(
        "the namespace's service account",
        Duration.ofSeconds(120),
        () -> client.serviceAccounts().inNamespace(name).withName("default").get() != null,
        () -> name);
    var namespace = new TestNamespace(cluster, name, database);
    namespace.password(database.password());
    return namespace;
  }

  /** Another namespace for the same database, as it may be in another cluster. */
  public TestNamespace sibling() {
    var other = create(cluster, name + "-too", database);
    siblings.add(other);
    return other;
  }

  /** Everything goes; the next test does not wait for it. */
  void delete() {
    for (var sibling : siblings) {
      sibling.migrations().delete();
      client().namespaces().withName(sibling.name).delete();
    }
    // First what would be reconciled against a database that is gone.
    migrations().delete();
    client().namespaces().withName(name).delete();
    cluster.postgres().drop(database);
  }

  public String name() {
    return name;
  }

  /** Its own name and those of its siblings. */
  List<String> names() {
    var names = new ArrayList<>(List.of(name));
    siblings.forEach(sibling -> names.add(sibling.name));
    return names;
  }

  public Database database() {
    return database;
  }

  public KubernetesClient client() {
    return cluster.client();
  }

  // --- Objects ---------------------------------------------------------------------------------

  /** As `kubectl apply --server-side`. */
  public void apply(String yaml) {
    client()
        .load(new ByteArrayInputStream(yaml.getBytes(UTF_8)))
        .inNamespace(name)
        .serverSideApply();
  }

  /** What `kubectl diff` finds between a manifest and what is there: empty when nothing. */
  public String diff(String yaml, boolean serverSide) {
    return cluster.kubectl().diff(name, yaml, serverSide);
  }

  /** As `kubectl apply`, client-side: the way most manifests are applied. */
  public void applyClientSide(String yaml) {
    cluster.kubectl().apply(name, yaml);
  }

  /** Sets the password that the operator is given. */
  public void password(String password) {
    client()
        .secrets()
        .inNamespace(name)
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(SECRET)
                .endMetadata()
                .withStringData(Map.of("password", password))
                .build())
        .serverSideApply();
  }

  /**
   * Asks for a version of a schema.
   *
   * @param files the migrations by name
   */
  public void migrate(String migration, String version, Map<String, String> files) {
    migrate(migration, version, files, "");
  }

  /** The same with more lines of the spec, indented by two. */
  public void migrate(String migration, String version, Map<String, String> files, String more) {
    apply(migrationYaml(migration, version, files, more));
  }

  /** The manifest that {@link #migrate} applies. */
  public String migrationYaml(
      String migration, String version, Map<String, String> files, String more) {
    var inline = new StringBuilder();
    files.forEach(
        (file, sql) -> inline.append("      ").append(file).append(": |\n").append(sql.indent(8)));
    return """
    apiVersion: pawl.dev/v1alpha1
    kind: SchemaMigration
    metadata:
      name: %s
    spec:
      version: "%s"
      database:
        url: %s
        passwordSecret: {name: %s}
      source:
        inline:
    %s%s\
    """
        .formatted(migration, version, database.url(), SECRET, inline, more);
  }

  /** Asks for another version of a migration that exists, leaving the rest as it is. */
  public void version(String migration, String version) {
    migrations()
        .withName(migration)
        .patch(
            PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"version\":\"" + version + "\"}}");
  }

  /**
   * Patches a status as anyone may try who has the operator's rights.
   *
   * @param object as Kind/name
   */
  public void patchStatus(String object, String patch) {
    var words = object.split("/");
    all(words[0])
        .inNamespace(name)
        .withName(words[1])
        .subresource("status")
        .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
  }

  /** Sets a field of the spec, as kubectl patch does. */
  public void set(String migration, String field, boolean value) {
    migrations()
        .withName(migration)
        .patch(
            PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"" + field + "\":" + value + "}}");
  }

  public void deleteMigration(String migration) {
    migrations().withName(migration).delete();
    Await.until(
        "the SchemaMigration to be gone",
        Duration.ofSeconds(120),
        () -> migrations().withName(migration).get() == null,
        this::describe);
  }

  public Optional<Migration> migration(String migration) {
    return Optional.ofNullable(migrations().withName(migration).get()).map(Migration::new);
  }

  MixedOperation<
          GenericKubernetesResource,
          io.fabric8.kubernetes.api.model.GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      all(String kind) {
    return client().genericKubernetesResources("pawl.dev/v1alpha1", kind);
  }

  io.fabric8.kubernetes.client.dsl.NonNamespaceOperation<
          GenericKubernetesResource,
          io.fabric8.kubernetes.api.model.GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      migrations() {
    return all("SchemaMigration").inNamespace(name);
  }

  /** Records what a migration shows from now on. */
  public Recording record(String migration) {
    return new Recording(this, migration);
  }

  /** Through which version the gate of a migration is open. */
  @SuppressWarnings("unchecked")
  public Optional<String> openThrough(String migration) {
    return Optional.ofNullable(all("SchemaGate").inNamespace(name).withName("gate").get())
        .map(gate -> (Map<String, Object>) gate.getAdditionalProperties().get("status"))
        .map(status -> (Map<String, Map<String, Object>>) status.get("migrations"))
        .map(migrations -> migrations.get(migration))
        .map(opening -> (String) opening.get("through"));
  }

  // --- Waiting ---------------------------------------------------------------------------------

  /** Waits until the migration is so. */
  public Migration await(
      String migration, String what, Duration atMost, Predicate<Migration> condition) {
    return Await.forValue(
        migration + ": " + what,
        atMost,
        () -> migration(migration).filter(condition),
        this::describe);
  }

  /** Waits until the version asked for is applied and verified. */
  public Migration awaitReady(String migration) {
    return await(migration, "Ready", Duration.ofSeconds(180), Migration::ready);
  }

  /** Waits until the namespace is so. */
  public void await(String what, Duration atMost, Predicate<TestNamespace> condition) {
    Await.until(what, atMost, () -> condition.test(this), this::describe);
  }

  /** Fails as soon as it is not so. */
  public void stays(String what, Duration during, Predicate<TestNamespace> condition) {
    Await.stays(what, during, () -> condition.test(this), this::describe);
  }

  /** The reasons of all Events about an object, and what they say. */
  public Map<String, String> events(String kind, String object) {
    return client().v1().events().inNamespace(name).list().getItems().stream()
        .filter(e -> e.getInvolvedObject().getKind().equals(kind))
        .filter(e -> e.getInvolvedObject().getName().equals(object))
        .collect(
            Collectors.toMap(
                Event::getReason, Event::getMessage, (one, other) -> one + "\n" + other));
  }

  // --- Pods ------------------------------------------------------------------------------------

  /** The pods with a label app, those that are ending left out. */
  public List<Pod> pods(String app) {
    return client().pods().inNamespace(name).withLabel("app", app).list().getItems().stream()
        .filter(p -> p.getMetadata().getDeletionTimestamp() == null)
        .toList();
  }

  public static boolean ready(Pod pod) {
    return pod.getStatus().getConditions().stream()
        .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
  }

  /** Whether Pawl holds it: it has one of Pawl's scheduling gates, and no node. */
  public static boolean held(Pod pod) {
    var gates = pod.getSpec().getSchedulingGates();
    return gates != null
        && gates.stream().anyMatch(g -> g.getName().startsWith("pawl.dev/"))
        && pod.getSpec().getNodeName() == null;
  }

  public static String uid(HasMetadata object) {
    return object.getMetadata().getUid();
  }

  /** What a person looks at first when a test has failed. */
  public String describe() {
    return String.join(
        "\n",
        Describe.resources(client(), name, "SchemaMigration"),
        Describe.resources(client(), name, "SchemaGate"),
        Describe.pods(client(), name),
        Describe.events(client(), name),
        cluster.operator().log(60),
        cluster.launcher().log(40));
  }
}
