package dev.pawl.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * The arrows of DESIGN.md inside the engine: what a statement says knows nothing of what runs it.
 */
@AnalyzeClasses(packages = "dev.pawl.engine", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule packagesDependOneWayOnly =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .withOptionalLayers(true)
          .layer("sql")
          .definedBy("dev.pawl.engine.sql..")
          .layer("change")
          .definedBy("dev.pawl.engine.change..")
          .layer("plan")
          .definedBy("dev.pawl.engine.plan..")
          .layer("dialect")
          .definedBy("dev.pawl.engine.dialect..")
          .layer("verify")
          .definedBy("dev.pawl.engine.verify..")
          .layer("ledger")
          .definedBy("dev.pawl.engine.ledger..")
          .layer("execute")
          .definedBy("dev.pawl.engine.execute..")
          .whereLayer("sql")
          .mayNotAccessAnyLayer()
          .whereLayer("change")
          .mayOnlyAccessLayers("sql")
          .whereLayer("plan")
          .mayOnlyAccessLayers("sql", "change")
          .whereLayer("dialect")
          .mayOnlyAccessLayers("sql", "change", "plan", "verify", "ledger")
          .whereLayer("verify")
          .mayOnlyAccessLayers("sql", "change", "plan", "dialect", "ledger")
          .whereLayer("ledger")
          .mayOnlyAccessLayers("sql", "change", "plan", "dialect", "verify");

  @ArchTest
  static final ArchRule theEngineHasNeverHeardOfKubernetes =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.fabric8..", "io.javaoperatorsdk..", "jakarta..", "io.quarkus..", "picocli..");
}
