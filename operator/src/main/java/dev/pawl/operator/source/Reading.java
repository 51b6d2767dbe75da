package dev.pawl.operator.source;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.function.Function;

/** Reads an object by name, or says in a sentence why not. */
final class Reading {
  private Reading() {}

  static <T> T required(
      KubernetesClient client, String kind, String where, Function<KubernetesClient, T> get) {
    T found;
    try {
      found = get.apply(client);
    } catch (KubernetesClientException e) {
      throw InputException.missing(
          kind + (e.getCode() == 403 ? "Forbidden" : "Unreadable"),
          e.getCode() == 403
              ? "Pawl may not read " + where + ": grant its service account get on it"
              : where + " could not be read: " + e.getMessage());
    }
    if (found == null) {
      throw InputException.missing(
          kind + "NotFound", where + " does not exist: create it, or correct its name");
    }
    return found;
  }
}
