package dev.pawl.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/**
 * The arrows of DESIGN.md inside the engine: what a statement says knows nothing of what runs it.
 */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.pawl.engine");

  @Test
  void packagesDependOneWayOnly() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("sql")
        .definedBy("dev.pawl.engine.sql..")
        .layer("change")
        .definedBy("dev.pawl.engine.change..")
        .layer("plan")
        .definedBy("dev.pawl.engine.plan..")
        .layer("lint")
        .definedBy("dev.pawl.engine.lint..")
        .layer("dialect")
        .definedBy("dev.pawl.engine.dialect..")
        .layer("verify")
        .definedBy("dev.pawl.engine.verify..")
        .layer("ledger")
        .definedBy("dev.pawl.engine.ledger..")
        .layer("execute")
        .definedBy("dev.pawl.engine.execute..")
        .layer("generate")
        .definedBy("dev.pawl.engine.generate..")
        .layer("fault")
        .definedBy("dev.pawl.engine.fault..")
        .whereLayer("fault")
        .mayNotAccessAnyLayer()
        .whereLayer("sql")
        .mayNotAccessAnyLayer()
        .whereLayer("change")
        .mayOnlyAccessLayers("sql")
        .whereLayer("plan")
        .mayOnlyAccessLayers("sql", "change")
        .whereLayer("lint")
        .mayOnlyAccessLayers("sql", "change", "plan")
        .whereLayer("dialect")
        .mayOnlyAccessLayers("sql", "change", "verify", "fault")
        .whereLayer("verify")
        .mayOnlyAccessLayers("sql", "change", "plan")
        .whereLayer("ledger")
        .mayOnlyAccessLayers("sql", "plan", "fault")
        .whereLayer("generate")
        .mayOnlyAccessLayers("sql", "change", "plan", "verify", "dialect")
        .whereLayer("execute")
        .mayOnlyAccessLayers("sql", "change", "plan", "dialect", "verify", "ledger", "fault")
        .check(CLASSES);
  }

  @Test
  void theEngineHasNeverHeardOfKubernetes() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.fabric8..", "io.javaoperatorsdk..", "jakarta..", "io.quarkus..", "picocli..")
        .check(CLASSES);
  }
}
