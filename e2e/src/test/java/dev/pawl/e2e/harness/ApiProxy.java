package dev.pawl.e2e.harness;

import io.fabric8.kubernetes.client.Config;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * Stands between one process of the operator and the API server: writes down every request with its
 * answer, passes no more bytes when it is told so, and answers falsely where a test asks for that.
 */
public final class ApiProxy extends Relay {
  private final URI server;
  private final SSLSocketFactory tls;
  private final String user;
  private final Queue<Exchange> exchanges = new ConcurrentLinkedQueue<>();
  private volatile Function<Request, Fault> faults = request -> new Fault.None();

  /** A request, before it is passed on. */
  public record Request(String method, String path) {
    public boolean isWatch() {
      return path.contains("watch=true");
    }

    /** Whether it would change something. */
    public boolean writes() {
      return !method.equals("GET");
    }
  }

  /**
   * A request and what was answered.
   *
   * @param at when it was passed on; its answer may have been held back
   * @param status that the operator got; 0 for none
   * @param fault whether that was the proxy's doing
   */
  public record Exchange(Instant at, Request request, int status, boolean fault) {
    /** Whether the operator has changed something by it. */
    public boolean wrote() {
      return request.writes() && status >= 200 && status < 300;
    }
  }

  /** What happens to a request. */
  public sealed interface Fault {
    /** It is passed on. */
    record None() implements Fault {}

    /**
     * The API server is not asked.
     *
     * @param retryAfter in seconds; 0 for none
     */
    record Answer(int status, String reason, int retryAfter) implements Fault {}

    /** The connection is reset, and the API server is not asked. */
    record ResetBefore() implements Fault {}

    /** The API server does it, and its answer is lost. */
    record ResetAfter() implements Fault {}

    /** A watch begins, and says at once that its version is too old: 410 in an ERROR event. */
    record Expired() implements Fault {}
  }

  private ApiProxy(URI server, SSLSocketFactory tls, String user) {
    this.server = server;
    this.tls = tls;
    this.user = user;
  }

  /** Begins to listen, on loopback. */
  static ApiProxy before(Path kubeconfig) {
    try {
      var text = Files.readString(kubeconfig);
      var config = Config.fromKubeconfig(text);
      var user = text.lines().filter(l -> l.startsWith("users:")).findFirst().orElseThrow();
      var server = URI.create(config.getMasterUrl());
      var proxy = new ApiProxy(server, trusting(config.getCaCertData()), user);
      proxy.start();
      return proxy;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("no proxy before the API server", e);
    }
  }

  private static SSLSocketFactory trusting(String caData)
      throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    var pem = Base64.getDecoder().decode(caData);
    var certificate =
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem));
    store.setCertificateEntry("ca", certificate);
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    var context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context.getSocketFactory();
  }

  /** The lines of a kubeconfig that leads through this proxy. */
  List<String> kubeconfig() {
    return List.of(
        "apiVersion: v1",
        "kind: Config",
        "clusters: [{name: pawl, cluster: {server: \"http://127.0.0.1:" + port() + "\"}}]",
        user,
        "contexts: [{name: pawl, context: {cluster: pawl, user: admin}}]",
        "current-context: pawl");
  }

  /** From now on this is asked for each request. Called by many threads. */
  public void faults(Function<Request, Fault> decide) {
    faults = decide;
  }

  /** Everything asked so far, in the order of the answers. */
  public List<Exchange> exchanges() {
    return List.copyOf(exchanges);
  }

  @Override
  protected void serve(Socket client) throws IOException {
    try (var upstream = tls.createSocket(server.getHost(), server.getPort())) {
      own(upstream);
      var from = new HttpStream(client.getInputStream(), this::awaitOpen);
      var to = client.getOutputStream();
      var answers = new HttpStream(upstream.getInputStream(), this::awaitOpen);
      for (var head = from.head(); head != null; head = from.head()) {
        var words = head.first().split(" ");
        var request = new Request(words[0], words[1]);
        var body = from.body(head);
        awaitOpen();
        var at = Instant.now();
        var fault = faults.apply(request);
        switch (fault) {
          case Fault.None() -> {
            // As it is.
          }
          case Fault.Answer answer -> {
            to.write(HttpStream.answer(answer.status(), answer.reason(), answer.retryAfter()));
            to.flush();
            note(at, request, answer.status(), true);
            continue;
          }
          case Fault.ResetBefore() -> {
            note(at, request, 0, true);
            client.setSoLinger(true, 0);
            return;
          }
          case Fault.ResetAfter() -> {
            pass(head, body, upstream.getOutputStream());
            answers.head();
            note(at, request, 0, true);
            client.setSoLinger(true, 0);
            return;
          }
          case Fault.Expired() -> {
            note(at, request, 410, true);
            to.write(HttpStream.expired(head));
            to.flush();
            return;
          }
        }
        pass(head, body, upstream.getOutputStream());
        var answer = answers.head();
        if (answer == null) {
          return;
        }
        int status = Integer.parseInt(answer.first().split(" ")[1]);
        awaitOpen();
        note(at, request, status, false);
        to.write(answer.bytes());
        to.flush();
        if (status == 101) {
          Thread.ofVirtual().start(() -> pump(from, upstream));
          pump(answers, client);
          return;
        }
        answers.passBody(answer, to);
      }
    }
  }

  private static void pass(HttpStream.Head head, byte[] body, OutputStream to) throws IOException {
    to.write(head.bytes());
    to.write(body);
    to.flush();
  }

  private void pump(HttpStream from, Socket to) {
    try (to) {
      from.passAll(to.getOutputStream());
    } catch (IOException e) {
      // Closed.
    }
  }

  private void note(Instant at, Request request, int status, boolean fault) {
    exchanges.add(new Exchange(at, request, status, fault));
  }
}
