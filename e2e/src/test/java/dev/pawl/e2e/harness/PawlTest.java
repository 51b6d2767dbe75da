package dev.pawl.e2e.harness;

import static java.util.concurrent.TimeUnit.MINUTES;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Tests on a cluster with Pawl installed. Each test method may take a {@link TestNamespace}, which
 * is its own, the {@link Cluster} and its {@link Operator}, which are shared.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(PawlExtension.class)
@Timeout(value = 10, unit = MINUTES)
public @interface PawlTest {
  /** Whether the operator runs when a test begins; not where each test starts its own. */
  boolean operator() default true;
}
