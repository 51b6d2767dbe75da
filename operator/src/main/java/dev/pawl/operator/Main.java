package dev.pawl.operator;

import dev.pawl.engine.fault.FailurePoints;
import dev.pawl.operator.gate.ReleaseAll;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.OperatorException;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.List;
import org.jboss.logging.Logger;

/** Without arguments the operator; with {@code release} what runs before Pawl is uninstalled. */
@QuarkusMain
public class Main implements QuarkusApplication {
  private static final Logger LOG = Logger.getLogger(Main.class);
  private static final int USAGE = 2;

  private final PawlOperator operator;
  private final ReleaseAll releaseAll;
  private final Settings settings;

  Main(PawlOperator operator, ReleaseAll releaseAll, Settings settings) {
    this.operator = operator;
    this.releaseAll = releaseAll;
    this.settings = settings;
  }

  @Override
  public int run(String... args) throws InterruptedException {
    if (args.length == 0) {
      return operate();
    }
    if (args.length == 1 && args[0].equals("release")) {
      boolean released =
          releaseAll.run(
              settings.releaseBindings().orElse(List.of()),
              settings.watchNamespaces().orElse(List.of()));
      return released ? 0 : 1;
    }
    LOG.error("usage: no argument for the operator, or 'release' to let go all that Pawl holds");
    return USAGE;
  }

  private int operate() {
    try {
      FailurePoints.armFromEnvironment();
      operator.start();
    } catch (IllegalArgumentException e) {
      LOG.error(e.getMessage());
      return USAGE;
    } catch (OperatorException | KubernetesClientException e) {
      LOG.errorf(
          "Pawl cannot start: %s. Are its CRDs and its roles installed, as the chart does it?",
          reason(e));
      return 1;
    }
    Quarkus.waitForExit();
    return 0;
  }

  private static String reason(Throwable error) {
    return error.getCause() == null ? error.getMessage() : reason(error.getCause());
  }
}
