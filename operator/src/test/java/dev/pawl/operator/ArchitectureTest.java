package dev.pawl.operator;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.pawl.engine.sql.Visible;
import org.junit.jupiter.api.Test;

/**
 * Data flows from source to run to status and gate; the arrows of the design, in code. Plain test
 * methods: surefire counts the fields of ArchUnit's own engine as no test at all.
 */
class ArchitectureTest {
  private static final JavaClasses PAWL =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.pawl");

  @Test
  void theReconcilerKnowsTheOthersAndNobodyKnowsTheRoot() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("root")
        .definedBy("dev.pawl.operator")
        .layer("reconcile")
        .definedBy("dev.pawl.operator.reconcile..")
        .layer("source")
        .definedBy("dev.pawl.operator.source..")
        .layer("gate")
        .definedBy("dev.pawl.operator.gate..")
        .layer("status")
        .definedBy("dev.pawl.operator.status..")
        .whereLayer("root")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("reconcile")
        .mayOnlyBeAccessedByLayers("root")
        .whereLayer("source")
        .mayOnlyBeAccessedByLayers("reconcile")
        .whereLayer("gate")
        .mayOnlyBeAccessedByLayers("reconcile", "root")
        .whereLayer("status")
        .mayOnlyBeAccessedByLayers("reconcile", "gate", "root")
        .check(PAWL);
  }

  @Test
  void theOperatorSpeaksToNoDatabaseItself() {
    noClasses()
        .that()
        .resideInAPackage("dev.pawl.operator..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "org.postgresql..", "net.sf.jsqlparser..")
        .check(PAWL);
  }

  @Test
  void ofTheEngineItKnowsOnlyRunsAndPlans() {
    classes()
        .that()
        .resideInAPackage("dev.pawl.operator..")
        .should()
        .onlyDependOnClassesThat(
            resideInAPackage("dev.pawl.engine.execute..")
                .or(resideInAPackage("dev.pawl.engine.plan.."))
                .or(resideInAPackage("dev.pawl.engine.fault.."))
                .or(type(Visible.class))
                .or(not(resideInAPackage("dev.pawl.engine.."))))
        .check(PAWL);
  }

  @Test
  void theTypesDependOnNothingOfPawl() {
    noClasses()
        .that()
        .resideInAPackage("dev.pawl.crd..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.pawl.engine..", "dev.pawl.operator..")
        .check(PAWL);
  }
}
