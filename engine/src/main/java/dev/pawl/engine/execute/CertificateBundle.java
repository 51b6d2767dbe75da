package dev.pawl.engine.execute;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.postgresql.ssl.WrappedFactory;

/**
 * Trusts the authorities of a PEM text, all of them: while one follows another, a bundle has both.
 * (The driver's own factory for a PEM text reads the first only.) Whether the host is the one that
 * the certificate names is the driver's to check. Public because the driver makes it.
 */
public final class CertificateBundle extends WrappedFactory {
  /**
   * Reads a text beforehand: of an error of its own the driver tells only the name of this class.
   *
   * @return the text
   */
  static String checked(String pem) {
    try {
      new CertificateBundle(pem);
      return pem;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException(
          "the authority's certificates cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * @param pem one certificate or more
   * @throws GeneralSecurityException where there is none in it, or one cannot be read
   */
  public CertificateBundle(String pem) throws GeneralSecurityException, IOException {
    var trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    var certificates =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)));
    for (var certificate : certificates) {
      trusted.setCertificateEntry(Integer.toString(trusted.size()), certificate);
    }
    if (trusted.size() == 0) {
      throw new GeneralSecurityException("there is none in the text");
    }
    var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    var context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    factory = context.getSocketFactory();
  }
}
