package dev.pawl.engine.cockroach;

import dev.pawl.engine.cockroach.world.ModelVersion;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs the contract of whole runs on CockroachDB: on the model of each version, and on a
 * CockroachDB where there is one.
 */
class RunContractTest {
  @Nested
  class OnModel221 extends RunContract {
    @Override
    ContractServer server() {
      return ContractServers.model(ModelVersion.V22_1);
    }
  }

  @Nested
  class OnModel232 extends RunContract {
    @Override
    ContractServer server() {
      return ContractServers.model(ModelVersion.V23_2);
    }
  }

  @Nested
  class OnModel252 extends RunContract {
    @Override
    ContractServer server() {
      return ContractServers.model(ModelVersion.V25_2);
    }
  }

  @Nested
  class OnModel261 extends RunContract {
    @Override
    ContractServer server() {
      return ContractServers.model(ModelVersion.V26_1);
    }
  }

  /** {@link ContractServers} says in one line which, and why not. */
  @Nested
  @ParameterizedClass(allowZeroInvocations = true)
  @MethodSource("dev.pawl.engine.cockroach.ContractServers#real")
  class OnCockroachDb extends RunContract {
    @Parameter ContractServer real;

    @Override
    ContractServer server() {
      return real;
    }
  }
}
