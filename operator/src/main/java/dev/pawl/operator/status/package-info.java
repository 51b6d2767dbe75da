/** What people and machines are told: conditions, the status view, Events, metrics. */
package dev.pawl.operator.status;
