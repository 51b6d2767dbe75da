package dev.pawl.operator.source;

import dev.pawl.crd.Source;
import dev.pawl.engine.plan.SourceFile;
import dev.pawl.engine.plan.Version;
import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the files a spec points to. */
@Singleton
public class Sources {
  private final KubernetesClient client;

  /** Reads with this client. */
  public Sources(KubernetesClient client) {
    this.client = client;
  }

  /**
   * The files up to a version.
   *
   * @throws InputException where a ConfigMap is missing or two files have one name
   */
  public MigrationFiles read(String namespace, Source source, Version through) {
    var parts = new LinkedHashMap<String, Map<String, String>>();
    if (source.inline() != null) {
      parts.put("spec.source.inline", source.inline());
    }
    if (source.configMaps() != null) {
      for (var reference : source.configMaps()) {
        var where = "the ConfigMap " + namespace + "/" + reference.name();
        var map =
            Reading.required(
                client,
                "ConfigMap",
                where + " (spec.source.configMaps)",
                c -> c.configMaps().inNamespace(namespace).withName(reference.name()).get());
        parts.put(where, map.getData() == null ? Map.of() : map.getData());
      }
    }
    return MigrationFiles.through(through, join(parts));
  }

  /** One list of what comes from several places; a name found twice is refused. */
  static List<SourceFile> join(Map<String, Map<String, String>> parts) {
    var from = new LinkedHashMap<String, String>();
    var files = new ArrayList<SourceFile>();
    parts.forEach(
        (place, texts) ->
            texts.forEach(
                (path, text) -> {
                  var before = from.putIfAbsent(path, place);
                  if (before != null) {
                    throw InputException.wrong(
                        "DuplicateFile",
                        path
                            + " is in "
                            + before
                            + " and in "
                            + place
                            + ": Pawl does not choose, take one of them away");
                  }
                  files.add(new SourceFile(path, text));
                }));
    return files;
  }
}
