package dev.pawl.operator;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready when everything is watched; a replica that does not lead is ready too. */
@Readiness
@Singleton
class Watching implements HealthCheck {
  private final Leadership leadership;

  Watching(Leadership leadership) {
    this.leadership = leadership;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("watching")
        .status(leadership.isWatching())
        .withData("leader", leadership.current().isPresent())
        .build();
  }
}
