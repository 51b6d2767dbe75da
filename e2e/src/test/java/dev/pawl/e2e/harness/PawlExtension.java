package dev.pawl.e2e.harness;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Starts the cluster before the first test and takes it down after the last; gives each test its
 * namespace, and the operator running as it expects it.
 */
final class PawlExtension implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
  private static final Namespace STORE = Namespace.create(PawlExtension.class);
  private static final AtomicInteger COUNT = new AtomicInteger();

  private static Started started(ExtensionContext context) {
    // The root's store is closed, and with it the cluster, when the last test has run.
    return context
        .getRoot()
        .getStore(STORE)
        .getOrComputeIfAbsent(Cluster.class, key -> new Started(), Started.class);
  }

  private static Cluster cluster(ExtensionContext context) {
    return started(context).cluster();
  }

  /** Started once; a failure to start is told to every test, not tried again for each. */
  private static final class Started implements AutoCloseable {
    private Cluster cluster;
    private Traces traces;
    private RuntimeException failure;

    synchronized Cluster cluster() {
      if (failure != null) {
        throw new IllegalStateException("the cluster could not be started, see the first test");
      }
      if (cluster == null) {
        try {
          cluster = Cluster.start();
          traces = Traces.watch(cluster.logs());
        } catch (RuntimeException e) {
          failure = e;
          throw e;
        }
      }
      return cluster;
    }

    synchronized SecretSearch search() {
      return new SecretSearch(cluster(), traces, Secrets.ALL);
    }

    @Override
    public synchronized void close() {
      if (cluster != null) {
        if (traces != null) {
          traces.close();
        }
        cluster.close();
      }
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    var cluster = cluster(context);
    if (context.getRequiredTestClass().getAnnotation(PawlTest.class).operator()) {
      cluster.operator().start();
    }
  }

  @Override
  public void afterEach(ExtensionContext context) {
    var namespace = context.getStore(STORE).get(TestNamespace.class, TestNamespace.class);
    if (namespace == null) {
      return;
    }
    try {
      namespace.names().forEach(started(context).search()::namespace);
    } finally {
      if (!Cluster.keep()) {
        namespace.delete();
      }
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    var type = parameter.getParameter().getType();
    return type == TestNamespace.class
        || type == Cluster.class
        || type == Operator.class
        || type == SecretSearch.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    var type = parameter.getParameter().getType();
    var cluster = cluster(context);
    if (type == Cluster.class) {
      return cluster;
    }
    if (type == Operator.class) {
      return cluster.operator();
    }
    if (type == SecretSearch.class) {
      return started(context).search();
    }
    return context
        .getStore(STORE)
        .getOrComputeIfAbsent(
            TestNamespace.class,
            key -> TestNamespace.create(cluster, name(context)),
            TestNamespace.class);
  }

  /** From the test's class: short enough for a namespace and for a role. */
  private static String name(ExtensionContext context) {
    var type = context.getRequiredTestClass().getSimpleName().replaceFirst("Test$", "");
    var words = type.replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    return words
        + "-"
        + COUNT.incrementAndGet()
        + "-"
        + Long.toString(System.currentTimeMillis() / 1000 % 46_656, 36);
  }
}
