package dev.pawl.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The command line needs no Kubernetes, and none of the engine's inner parts. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.pawl.cli");

  @Test
  void itHasNeverHeardOfKubernetes() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.fabric8..", "io.javaoperatorsdk..", "io.quarkus..", "dev.pawl.operator..")
        .check(CLASSES);
  }

  @Test
  void itEntersTheEngineByItsDoor() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.pawl.engine.ledger..", "dev.pawl.engine.dialect..")
        .check(CLASSES);
  }
}
