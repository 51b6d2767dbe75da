package dev.pawl.operator;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Data flows from source to run to status and gate; the arrows of the design, in code. */
@AnalyzeClasses(packages = "dev.pawl", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule theReconcilerKnowsTheOthersAndNobodyKnowsTheRoot =
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
          .mayOnlyBeAccessedByLayers("reconcile", "gate", "root");

  @ArchTest
  static final ArchRule noDatabaseDriverAndNoSqlInTheOperator =
      noClasses()
          .that()
          .resideInAPackage("dev.pawl.operator..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "org.postgresql..", "net.sf.jsqlparser..");

  @ArchTest
  static final ArchRule ofTheEngineOnlyItsRunsAndVersionsAreKnown =
      classes()
          .that()
          .resideInAPackage("dev.pawl.operator..")
          .should()
          .onlyDependOnClassesThat(
              resideInAPackage("dev.pawl.engine.execute..")
                  .or(resideInAPackage("dev.pawl.engine.plan.."))
                  .or(
                      com.tngtech.archunit.base.DescribedPredicate.not(
                          resideInAPackage("dev.pawl.engine.."))));

  @ArchTest
  static final ArchRule theTypesDependOnNothingOfPawl =
      noClasses()
          .that()
          .resideInAPackage("dev.pawl.crd..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.pawl.engine..", "dev.pawl.operator..");
}
