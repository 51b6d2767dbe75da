package dev.pawl.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Locale;

/** Where a database is and how to enter it: a URL, or its parts. Never a password. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value = "has(self.url) != has(self.host)",
    message =
        "spec.database needs either url or host, not both and not neither: write url:"
            + " postgres://user@host:5432/database, or host, port and name")
@ValidationRule(
    value = "!has(self.url) || !has(self.port) && !has(self.name)",
    message =
        "spec.database has a url, so port and name belong into it: write url:"
            + " postgres://user@host:5432/database and leave port and name out")
@ValidationRule(
    value = "!has(self.host) || has(self.name)",
    message = "spec.database has a host but no name: add name, the name of the database")
@ValidationRule(
    value =
        "[has(self.url) && self.url.matches('^[a-z]+://[^/?#]*@'), has(self.user),"
            + " has(self.userSecret)].filter(x, x).size() == 1",
    message =
        "spec.database must say once who connects: in the url (postgres://user@host/database), or"
            + " in user, or in userSecret")
@ValidationRule(
    value = "!has(self.directUrl) || !has(self.directHost)",
    message = "spec.database has directUrl and directHost: keep one of them")
@ValidationRule(
    value = "!has(self.directPort) || has(self.directHost)",
    message = "spec.database has directPort but no directHost: add directHost, or use directUrl")
@ValidationRule(
    value = Database.URL_IS_POSTGRES,
    message = "spec.database.url" + Database.NOT_POSTGRES)
@ValidationRule(
    value = Database.URL_WITHOUT_PASSWORD,
    message = "spec.database.url" + Database.NO_PASSWORD)
@ValidationRule(value = Database.URL_HAS_FORM, message = "spec.database.url" + Database.FORM)
@ValidationRule(
    value = Database.DIRECT_URL_IS_POSTGRES,
    message = "spec.database.directUrl" + Database.NOT_POSTGRES)
@ValidationRule(
    value = Database.DIRECT_URL_WITHOUT_PASSWORD,
    message = "spec.database.directUrl" + Database.NO_PASSWORD)
@ValidationRule(
    value = Database.DIRECT_URL_HAS_FORM,
    message = "spec.database.directUrl" + Database.FORM)
public record Database(
    @JsonPropertyDescription(
            "postgres://[user@]host[:port]/database[?sslmode=…]. No password in it: that is in"
                + " passwordSecret. Either url or host.")
        @Size(min = 1, max = 2048)
        String url,
    @JsonPropertyDescription(
            "The server's name or address; a short name is a Service of the same namespace. Either"
                + " url or host.")
        @Size(min = 1, max = 253)
        String host,
    @JsonPropertyDescription("The server's port. Default: 5432.") @Min(1) @Max(65535) Integer port,
    @JsonPropertyDescription("The name of the database on the server.") @Size(min = 1, max = 63)
        String name,
    @JsonPropertyDescription("Who connects, where the url does not say it.")
        @Size(min = 1, max = 128)
        String user,
    @JsonPropertyDescription(
            "Where the user's name is, instead of user. The key's default is username.")
        SecretKey userSecret,
    @JsonPropertyDescription(
            "Where the password is. The key's default is password. It is read again at each"
                + " connection, so a rotated password is picked up.")
        SecretKey passwordSecret,
    @JsonPropertyDescription(
            "The same database past a connection pooler such as PgBouncer, for what cannot be done"
                + " through one (CREATE INDEX CONCURRENTLY). User and password are the same.")
        @Size(min = 1, max = 2048)
        String directUrl,
    @JsonPropertyDescription(
            "The server past a connection pooler, instead of directUrl; the database's name stays"
                + " the same.")
        @Size(min = 1, max = 253)
        String directHost,
    @JsonPropertyDescription("The port of directHost. Default: 5432.") @Min(1) @Max(65535)
        Integer directPort,
    @JsonPropertyDescription("How the connection is encrypted and the server's identity checked.")
        Tls tls) {

  static final String IS_POSTGRES = ".matches('^postgres(ql)?://')";
  static final String HAS_PASSWORD = ".matches('^[a-z]+://[^/?#@]*:[^/?#]*@|[?&]password=')";
  static final String HAS_FORM =
      ".matches('^postgres(ql)?://([^:/?#@]+@)?([A-Za-z0-9._-]+|[[][0-9A-Fa-f:.]+[]])(:[0-9]{1,5})?"
          + "/[^/?#]+([?]sslmode=(disable|prefer|require|verify-ca|verify-full))?$')";

  // Rules of the object, not of the field, or the API server would repeat a password in its answer.
  static final String URL_IS_POSTGRES = "!has(self.url) || self.url" + IS_POSTGRES;
  static final String URL_WITHOUT_PASSWORD = "!has(self.url) || !self.url" + HAS_PASSWORD;
  static final String URL_HAS_FORM =
      "!has(self.url) || !self.url"
          + IS_POSTGRES
          + " || self.url"
          + HAS_PASSWORD
          + " || self.url"
          + HAS_FORM;
  static final String DIRECT_URL_IS_POSTGRES =
      "!has(self.directUrl) || self.directUrl" + IS_POSTGRES;
  static final String DIRECT_URL_WITHOUT_PASSWORD =
      "!has(self.directUrl) || !self.directUrl" + HAS_PASSWORD;
  static final String DIRECT_URL_HAS_FORM =
      "!has(self.directUrl) || !self.directUrl"
          + IS_POSTGRES
          + " || self.directUrl"
          + HAS_PASSWORD
          + " || self.directUrl"
          + HAS_FORM;

  static final String NOT_POSTGRES =
      " must start with postgres:// or postgresql://, also for CockroachDB";
  static final String NO_PASSWORD =
      " must not contain a password, for everybody who may read this object would see it: put it in"
          + " a Secret and name that in passwordSecret";
  static final String FORM =
      " must have the form postgres://[user@]host[:port]/database, and after it at most ?sslmode="
          + " with disable, prefer, require, verify-ca or verify-full";

  /** Encryption, and how the server proves who it is. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonIgnoreProperties(ignoreUnknown = true)
  @ValidationRule(
      value = "!has(self.caSecret) || !has(self.caConfigMap)",
      message = "spec.database.tls has caSecret and caConfigMap: keep one of them")
  @ValidationRule(
      value =
          "!has(self.caSecret) && !has(self.caConfigMap) || !has(self.mode) || self.mode in"
              + " ['verify-ca', 'verify-full']",
      message =
          "spec.database.tls names an authority's certificate, which only verify-ca and verify-full"
              + " look at: write mode: verify-full")
  public record Tls(
      @JsonPropertyDescription(
              "disable, prefer, require, verify-ca or verify-full, as libpq's sslmode. Default:"
                  + " what the url says; else verify-full where a certificate is named, else"
                  + " prefer.")
          Mode mode,
      @JsonPropertyDescription(
              "The authority's certificate (PEM) in a Secret. The key's default is ca.crt.")
          SecretKey caSecret,
      @JsonPropertyDescription(
              "The authority's certificate (PEM) in a ConfigMap. The key's default is ca.crt.")
          ConfigMapKey caConfigMap) {}

  /** As libpq's sslmode. */
  public enum Mode {
    @JsonProperty("disable")
    DISABLE,
    @JsonProperty("prefer")
    PREFER,
    @JsonProperty("require")
    REQUIRE,
    @JsonProperty("verify-ca")
    VERIFY_CA,
    @JsonProperty("verify-full")
    VERIFY_FULL;

    /** As it is written: "verify-full". */
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
