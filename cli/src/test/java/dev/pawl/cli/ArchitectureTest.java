package dev.pawl.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The command line needs no Kubernetes, and none of the engine's inner parts. */
@AnalyzeClasses(packages = "dev.pawl.cli", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule noKubernetes =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.fabric8..", "io.javaoperatorsdk..", "io.quarkus..", "dev.pawl.operator..");

  @ArchTest
  static final ArchRule theEngineByItsDoor =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.pawl.engine.ledger..", "dev.pawl.engine.dialect..");
}
