package dev.pawl.operator.source;

import dev.pawl.crd.Source;
import dev.pawl.engine.plan.SourceFile;
import dev.pawl.engine.plan.Version;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

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
   * @throws InputException where a ConfigMap is missing, two files have one name, or one is not
   *     UTF-8
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
        refuseBinary(where, map);
        parts.put(where, map.getData() == null ? Map.of() : map.getData());
      }
    }
    return MigrationFiles.through(through, join(parts));
  }

  /** A migration that kubectl has put into binaryData would else be passed over in silence. */
  private static void refuseBinary(String where, ConfigMap map) {
    if (map.getBinaryData() == null) {
      return;
    }
    for (var name : new TreeSet<>(map.getBinaryData().keySet())) {
      if (name.endsWith(".sql") || name.equals("versions.txt")) {
        throw InputException.wrong(
            "NotUtf8",
            name
                + " is in the binaryData of "
                + where
                + ", where kubectl puts what is not UTF-8: save the file as UTF-8, and make the"
                + " ConfigMap of it again");
      }
    }
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
