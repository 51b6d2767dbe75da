package dev.pawl.crd;

import static java.util.stream.Collectors.toMap;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The CRDs as they come out of the Java types, by the name of their file in the chart. */
final class GeneratedCrds {
  /** The generator alone sorts columns by JSON path: Age would come first. */
  private static final List<String> COLUMNS = List.of("Version", "Step", "Phase", "Ready", "Age");

  private static final Map<String, String> DESCRIPTIONS =
      Stream.of(SchemaMigration.class, SchemaGate.class)
          .collect(
              toMap(
                  Class::getSimpleName, c -> c.getAnnotation(JsonClassDescription.class).value()));

  private GeneratedCrds() {}

  static Map<String, String> yaml(Path scratch) throws IOException {
    new CRDGenerator()
        .customResourceClasses(SchemaMigration.class, SchemaGate.class)
        .inOutputDir(scratch.toFile())
        .withParallelGenerationEnabled(false)
        .withImplicitPreserveUnknownFields(false)
        .withPostProcessor(new Finish())
        .generate();
    var files = new TreeMap<String, String>();
    try (var generated = Files.list(scratch)) {
      for (var file : generated.toList()) {
        var name = file.getFileName().toString().replace("-v1.yml", ".yaml");
        files.put(name, Files.readString(file));
      }
    }
    return files;
  }

  static CustomResourceDefinition crd(Path scratch, String name) throws IOException {
    return Serialization.unmarshal(yaml(scratch).get(name), CustomResourceDefinition.class);
  }

  /** What the generator leaves out: the kind's own description, and the order of the columns. */
  private static final class Finish implements CRDPostProcessor {
    @Override
    public HasMetadata process(HasMetadata resource, String crdSpecVersion) {
      var spec = ((CustomResourceDefinition) resource).getSpec();
      for (var version : spec.getVersions()) {
        version
            .getSchema()
            .getOpenAPIV3Schema()
            .setDescription(DESCRIPTIONS.get(spec.getNames().getKind()));
        version
            .getAdditionalPrinterColumns()
            .sort(Comparator.comparingInt(c -> COLUMNS.indexOf(c.getName())));
      }
      return resource;
    }
  }
}
