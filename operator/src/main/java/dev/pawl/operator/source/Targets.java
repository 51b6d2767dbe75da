package dev.pawl.operator.source;

import dev.pawl.crd.ConfigMapKey;
import dev.pawl.crd.Database;
import dev.pawl.crd.SecretKey;
import dev.pawl.engine.execute.Target;
import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Makes of a spec's database what the engine can connect to. */
@Singleton
public class Targets {
  private final KubernetesClient client;
  private final Predicate<String> resolvable;

  @Inject
  Targets(KubernetesClient client) {
    this(client, Targets::resolves);
  }

  /**
   * For tests.
   *
   * @param resolvable whether a host's name can be resolved
   */
  Targets(KubernetesClient client, Predicate<String> resolvable) {
    this.client = client;
    this.resolvable = resolvable;
  }

  private static boolean resolves(String host) {
    try {
      return InetAddress.getByName(host) != null;
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /**
   * The target; its password is read from the Secret again at each connection.
   *
   * @throws InputException where a Secret or ConfigMap is missing or wrong
   */
  public Target of(String namespace, Database database) {
    var address = Address.of(database);
    var user = user(namespace, database, address);
    var password = password(namespace, database.passwordSecret());
    password.get(); // so that a missing Secret is named as such, not as a failed connection
    var ca = authority(namespace, database.tls());
    var mode = tlsMode(database.tls(), address, ca.isPresent());
    var direct =
        Address.direct(database)
            .map(
                d ->
                    new Target(
                        host(namespace, d),
                        d.port(),
                        d.database(),
                        d.user().orElse(user),
                        password,
                        d.tlsMode().orElse(mode),
                        ca,
                        Optional.empty()));
    return new Target(
        host(namespace, address),
        address.port(),
        address.database(),
        user,
        password,
        mode,
        ca,
        direct);
  }

  /** A short name means a Service of the migration's namespace, not of the operator's. */
  private String host(String namespace, Address address) {
    var service = ClusterNames.service(address.host(), namespace);
    return ClusterNames.isShort(address.host()) && resolvable.test(service)
        ? service
        : address.host();
  }

  private String user(String namespace, Database database, Address address) {
    if (database.userSecret() != null) {
      return secret(namespace, database.userSecret(), "username", "userSecret");
    }
    return address
        .user()
        .or(() -> Optional.ofNullable(database.user()))
        .orElseThrow(
            () ->
                InputException.wrong(
                    "NoUser",
                    "spec.database does not say who connects: add user, or userSecret, or write the"
                        + " user into the url"));
  }

  private Supplier<String> password(String namespace, SecretKey key) {
    return key == null ? () -> null : () -> secret(namespace, key, "password", "passwordSecret");
  }

  private Optional<String> authority(String namespace, Database.Tls tls) {
    if (tls == null) {
      return Optional.empty();
    }
    if (tls.caSecret() != null) {
      return Optional.of(secret(namespace, tls.caSecret(), "ca.crt", "tls.caSecret"));
    }
    return Optional.ofNullable(tls.caConfigMap()).map(key -> configMap(namespace, key));
  }

  private static String tlsMode(Database.Tls tls, Address address, boolean hasAuthority) {
    return Optional.ofNullable(tls)
        .map(Database.Tls::mode)
        .map(Database.Mode::text)
        .or(address::tlsMode)
        .orElse(hasAuthority ? "verify-full" : "prefer");
  }

  private String secret(String namespace, SecretKey key, String defaultKey, String field) {
    var where = "the Secret " + namespace + "/" + key.name() + " (spec.database." + field + ")";
    var secret =
        Reading.required(
            client,
            "Secret",
            where,
            c -> c.secrets().inNamespace(namespace).withName(key.name()).get());
    var name = key.keyOr(defaultKey);
    var value = secret.getData() == null ? null : secret.getData().get(name);
    if (value == null) {
      throw InputException.missing(
          "SecretKeyNotFound", where + " has no key " + name + ": add it, or name the right key");
    }
    return new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
  }

  private String configMap(String namespace, ConfigMapKey key) {
    var where =
        "the ConfigMap " + namespace + "/" + key.name() + " (spec.database.tls.caConfigMap)";
    var map =
        Reading.required(
            client,
            "ConfigMap",
            where,
            c -> c.configMaps().inNamespace(namespace).withName(key.name()).get());
    var name = key.keyOr("ca.crt");
    var value = map.getData() == null ? null : map.getData().get(name);
    if (value == null) {
      throw InputException.missing(
          "ConfigMapKeyNotFound",
          where + " has no key " + name + ": add it, or name the right key");
    }
    return value;
  }
}
